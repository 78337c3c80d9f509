import { runService } from '@muster/service';
import { activationConfig } from './activation.config.js';
import { ActivationModule } from './activation.module.js';

await runService({ name: 'activation', config: activationConfig, module: ActivationModule });
