import { itHolds } from '../../story/story.fixture.js';
import { dns } from './dns.story.js';

itHolds(dns);
