import { ORDER_BYTES_MAX, REQUEST_BYTES_MAX } from '@muster/contracts';
import { JSON_TYPE, runService } from '@muster/service';
import { JOSE } from './body/signed-request.js';
import { gatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { describeGateway } from './describe-gateway.js';

await runService({
  name: 'gateway',
  config: gatewayConfig,
  module: GatewayModule,
  http: { bodies: { [JOSE]: REQUEST_BYTES_MAX, [JSON_TYPE]: ORDER_BYTES_MAX } },
  beforeListen: describeGateway,
});
