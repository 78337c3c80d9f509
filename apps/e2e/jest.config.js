import { preset } from '../../jest.preset.js';

// Each of these tests runs hosts of six processes, and some measure their time.
export default { ...preset(import.meta.dirname), maxWorkers: '50%' };
