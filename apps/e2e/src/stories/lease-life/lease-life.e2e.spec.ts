import { itHolds } from '../../story/story.fixture.js';
import { leaseLife } from './lease-life.story.js';

itHolds(leaseLife);
