import { ORDER_BYTES_MAX, REQUEST_BYTES_MAX } from '@muster/contracts';
import { runService } from '@muster/service';
import { JOSE, JSON_TYPE } from './body/request-body.js';
import { gatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { describeApi } from './openapi/openapi.document.js';

await runService({
  name: 'gateway',
  config: gatewayConfig,
  module: GatewayModule,
  http: { bodies: { [JOSE]: REQUEST_BYTES_MAX, [JSON_TYPE]: ORDER_BYTES_MAX } },
  beforeListen: describeApi,
});
