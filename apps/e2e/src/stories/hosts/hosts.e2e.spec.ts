import { itHolds } from '../../story/story.fixture.js';
import { hosts } from './hosts.story.js';

itHolds(hosts);
