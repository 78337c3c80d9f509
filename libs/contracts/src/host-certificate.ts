import { z } from 'zod';
import { DAY_SECONDS, MINUTE_SECONDS } from '@muster/kernel';
import { base64url32, dottedName, numericDate, thumbprint, uuid } from './formats.js';

/** KMS allows 15 minutes to 30 days for both of its intervals; so do vendors here. */
const interval = z.int().min(15 * MINUTE_SECONDS).max(30 * DAY_SECONDS);

/** The longest count window a policy may ask for: it bounds how long a fold remembers a machine. */
export const COUNT_WINDOW_SECONDS_MAX = 400 * DAY_SECONDS;

export const poolPolicySchema = z.strictObject({
  name: dottedName,
  /** A machine counts while its latest seen request is younger than this. */
  countWindowSeconds: z.int().min(1).max(COUNT_WINDOW_SECONDS_MAX),
  countVirtualMachines: z.boolean(),
});

export const productPolicySchema = z.strictObject({
  name: dottedName,
  group: dottedName,
  pool: dottedName,
  /** The count at which the product activates (5 for servers, 25 for workstations in KMS). */
  threshold: z.int().min(1).max(1_000_000),
  leaseSeconds: z.int().min(DAY_SECONDS).max(3660 * DAY_SECONDS),
  renewAfterSeconds: interval,
  retryAfterSeconds: interval,
});

/** Groups are ordered: a higher rank also serves the lower ones (S6). */
export const productGroupSchema = z.strictObject({ name: dottedName, rank: z.int().nonnegative() });

const publicJwk = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url32 });

/**
 * Claims of a host certificate (`typ: muster-host-certificate+jwt`), signed by the vendor.
 *
 * It carries the vendor's whole catalogue, so that a product the vendor sells but this host may not serve is told
 * apart from one that does not exist.
 */
export const hostCertificateClaimsSchema = z
  .strictObject({
    iss: dottedName.describe("the vendor's name"),
    sub: thumbprint.describe('the host id: thumbprint of its key'),
    jti: uuid.describe('serial'),
    iat: numericDate,
    nbf: numericDate,
    exp: numericDate,
    organisation: dottedName,
    environment: z.enum(['production', 'development']),
    cnf: z.strictObject({ jwk: publicJwk }),
    coversGroup: dottedName.describe('the highest product group that the host may serve'),
    groups: z.array(productGroupSchema).min(1).max(100),
    pools: z.array(poolPolicySchema).min(1).max(100),
    products: z.array(productPolicySchema).min(1).max(1000),
    /** How long after `exp` the host may still renew leases. */
    renewalGraceSeconds: z.int().nonnegative(),
  })
  .superRefine((claims, context) => {
    const groups = new Set(claims.groups.map((group) => group.name));
    const pools = new Set(claims.pools.map((pool) => pool.name));
    if (!groups.has(claims.coversGroup)) context.addIssue({ code: 'custom', message: `coversGroup ${claims.coversGroup} is not a listed group` });
    for (const product of claims.products) {
      if (!groups.has(product.group)) context.addIssue({ code: 'custom', message: `product ${product.name}: unknown group ${product.group}` });
      if (!pools.has(product.pool)) context.addIssue({ code: 'custom', message: `product ${product.name}: unknown pool ${product.pool}` });
    }
    for (const names of [claims.groups, claims.pools, claims.products]) {
      if (new Set(names.map((entry) => entry.name)).size !== names.length) context.addIssue({ code: 'custom', message: 'a name is listed twice' });
    }
  });

export type PoolPolicy = Readonly<z.infer<typeof poolPolicySchema>>;
export type ProductPolicy = Readonly<z.infer<typeof productPolicySchema>>;
export type HostCertificateClaims = Readonly<z.infer<typeof hostCertificateClaimsSchema>>;
