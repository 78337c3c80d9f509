import { runService } from '@muster/service';
import { leaseRenewalConfig } from './lease-renewal.config.js';
import { LeaseRenewalModule } from './lease-renewal.module.js';

await runService({ name: 'lease-renewal', config: leaseRenewalConfig, module: LeaseRenewalModule });
