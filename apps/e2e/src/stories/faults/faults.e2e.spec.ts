import { itHolds } from '../../story/story.fixture.js';
import { faults } from './faults.story.js';

itHolds(faults);
