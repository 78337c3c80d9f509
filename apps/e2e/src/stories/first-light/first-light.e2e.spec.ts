import { itHolds } from '../../story/story.fixture.js';
import { firstLight } from './first-light.story.js';

itHolds(firstLight);
