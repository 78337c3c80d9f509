import { JSON_TYPE, runService } from '@muster/service';
import { authorityConfig } from './authority.config.js';
import { AuthorityModule } from './authority.module.js';
import { BODY_BYTES_MAX } from './body/private-body.js';
import { describeAuthority } from './describe-authority.js';

await runService({ name: 'authority', nats: 'none', config: authorityConfig, module: AuthorityModule, http: { bodies: { [JSON_TYPE]: BODY_BYTES_MAX } }, beforeListen: describeAuthority });
