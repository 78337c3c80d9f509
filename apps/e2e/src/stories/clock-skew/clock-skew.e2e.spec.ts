import { itHolds } from '../../story/story.fixture.js';
import { clockSkew } from './clock-skew.story.js';

itHolds(clockSkew);
