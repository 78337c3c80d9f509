import { runService } from '@muster/service';
import { authorityConfig } from './authority.config.js';
import { AuthorityModule } from './authority.module.js';
import { BODY_BYTES_MAX, JSON_TYPE } from './body/json-body.js';
import { describeApi } from './openapi/openapi.document.js';

await runService({ name: 'authority', nats: 'none', config: authorityConfig, module: AuthorityModule, http: { bodies: { [JSON_TYPE]: BODY_BYTES_MAX } }, beforeListen: describeApi });
