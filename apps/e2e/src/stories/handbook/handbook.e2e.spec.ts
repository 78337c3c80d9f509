import { itHolds } from '../../story/story.fixture.js';
import { handbook } from './handbook.story.js';

itHolds(handbook);
