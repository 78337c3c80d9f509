import { REQUEST_BYTES_MAX } from '@muster/contracts';
import { runService } from '@muster/service';
import { gatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { describeApi } from './openapi/openapi.document.js';

await runService({
  name: 'gateway',
  config: gatewayConfig,
  module: GatewayModule,
  http: { bodyTypes: ['application/jose'], bodyBytesMax: REQUEST_BYTES_MAX },
  beforeListen: describeApi,
});
