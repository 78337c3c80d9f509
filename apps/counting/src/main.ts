import { runService } from '@muster/service';
import { countingConfig } from './counting.config.js';
import { CountingModule } from './counting.module.js';

await runService({ name: 'counting', config: countingConfig, module: CountingModule });
