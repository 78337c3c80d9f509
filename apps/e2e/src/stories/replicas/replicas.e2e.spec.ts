import { itHolds } from '../../story/story.fixture.js';
import { replicas } from './replicas.story.js';

itHolds(replicas);
