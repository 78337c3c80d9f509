import { base64url32 } from '@muster/contracts';
import type { ConfigOf } from '@muster/service';
import { addressLimitConfig, databaseConfig, defineConfig, processConfig, secret, setting } from '@muster/service';
import { z } from 'zod';

const file = z.string().min(1);

export const authorityConfig = defineConfig({
  ...processConfig,
  ...databaseConfig,
  ...addressLimitConfig,
  ledger: setting('MUSTER_LEDGER', z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, - and _').default('authority')),
  /** The vendor's public root key (JWK), as it is pinned in the products. Its private half has no business here. */
  vendorRootFile: setting('MUSTER_VENDOR_ROOT_FILE', file),
  /** The private key (JWK, readable by nobody else) of the intermediate that signs day to day. */
  intermediateKeyFile: setting('MUSTER_INTERMEDIATE_KEY_FILE', file),
  /** The root's word for that key. */
  intermediateCertificateFile: setting('MUSTER_INTERMEDIATE_CERTIFICATE_FILE', file),
  /** SHA-256 of the operator token, base64url: the token itself is never stored here. */
  operatorTokenHash: secret('MUSTER_OPERATOR_TOKEN_HASH', base64url32),
});

export type AuthorityConfig = ConfigOf<typeof authorityConfig>;
