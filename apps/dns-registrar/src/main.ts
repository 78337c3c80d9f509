import { runService } from '@muster/service';
import { dnsRegistrarConfig } from './dns-registrar.config.js';
import { DnsRegistrarModule } from './dns-registrar.module.js';

await runService({ name: 'dns-registrar', config: dnsRegistrarConfig, module: DnsRegistrarModule });
