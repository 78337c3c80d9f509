import type { ConfigOf } from '@muster/service';
import { commonConfig, databaseConfig, defineConfig, setting } from '@muster/service';
import { z } from 'zod';

const file = z.string().min(1);

export const activationConfig = defineConfig({
  ...commonConfig,
  ...databaseConfig,
  /** The vendor's public root key (JWK): certificates are believed by this key alone. */
  vendorRootFile: setting('MUSTER_VENDOR_ROOT_FILE', file),
  /** The host certificate that the vendor signed. It takes effect by being recorded. */
  hostCertificateFile: setting('MUSTER_HOST_CERTIFICATE_FILE', file),
  /** The host's private key (JWK, readable by nobody else): signs leases and receipts. */
  hostKeyFile: setting('MUSTER_HOST_KEY_FILE', file),
});

export type ActivationConfig = ConfigOf<typeof activationConfig>;
