import { base64url32 } from '@muster/contracts';
import type { ConfigOf } from '@muster/service';
import { commonConfig, defineConfig, secret } from '@muster/service';
import { advertiseConfig } from './announce/advertise.config.js';
import { limitsConfig } from './limits/limits.config.js';

export const gatewayConfig = defineConfig({
  ...commonConfig,
  ...limitsConfig,
  ...advertiseConfig,
  /** SHA-256 of the operator token, base64url: the token itself is never stored here. */
  operatorTokenHash: secret('MUSTER_OPERATOR_TOKEN_HASH', base64url32),
});

export type GatewayConfig = ConfigOf<typeof gatewayConfig>;
