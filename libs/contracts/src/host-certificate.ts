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
  /** Machines that never enrolled are served, and counted for nothing. Off unless the vendor says so. */
  countOnlyEnrolled: z.boolean().optional(),
});

/** What a machine must prove when its product is licensed as an upgrade (S18). */
export const qualificationPolicySchema = z.strictObject({
  /** The ACPI table that tells whom the machine was licensed to by its maker; `SLIC` in practice. */
  table: z.enum(['SLIC', 'MSDM']),
  /** Where the table is present, it must carry this marker: as `marker` of the machine's evidence, which says where it is taken from. */
  marker: z.string().min(1).max(16).regex(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, 'printable ASCII'),
  /** What a table that nobody can read means. */
  unreadable: z.enum(['refuse', 'pass']),
  /** What the administrator of a refused machine is told to do. */
  remedy: z.string().min(1).max(300).optional(),
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
  qualification: qualificationPolicySchema.optional(),
});

/** Groups are ordered: a higher rank also serves the lower ones (S6). */
export const productGroupSchema = z.strictObject({ name: dottedName, rank: z.int().nonnegative() });

export const publicJwk = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url32 });

/** What a vendor sells, and by which rules: the same in its catalogue, its policies files and its host certificates. */
export const catalogueShape = {
  groups: z.array(productGroupSchema).min(1).max(100),
  pools: z.array(poolPolicySchema).min(1).max(100),
  products: z.array(productPolicySchema).min(1).max(1000),
  /** How long after its end a host certificate still serves renewals. */
  renewalGraceSeconds: z.int().nonnegative(),
};

interface Catalogue {
  readonly groups: readonly { readonly name: string }[];
  readonly pools: readonly { readonly name: string }[];
  readonly products: readonly { readonly name: string; readonly group: string; readonly pool: string }[];
}

/** Each way in which a catalogue contradicts itself, as text; none when it is sound. */
export const catalogueIssues = ({ groups, pools, products }: Catalogue): readonly string[] => {
  const [groupNames, poolNames] = [groups, pools].map((entries) => new Set(entries.map(({ name }) => name))) as [Set<string>, Set<string>];
  return [
    ...products.flatMap(({ name, group }) => (groupNames.has(group) ? [] : [`product ${name}: unknown group ${group}`])),
    ...products.flatMap(({ name, pool }) => (poolNames.has(pool) ? [] : [`product ${name}: unknown pool ${pool}`])),
    ...[groups, pools, products].flatMap((names) => (new Set(names.map(({ name }) => name)).size === names.length ? [] : ['a name is listed twice'])),
  ];
};

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
    ...catalogueShape,
  })
  .superRefine((claims, context) => {
    for (const message of catalogueIssues(claims)) context.addIssue({ code: 'custom', message });
    if (!claims.groups.some(({ name }) => name === claims.coversGroup)) context.addIssue({ code: 'custom', message: `coversGroup ${claims.coversGroup} is not a listed group` });
  });

export type PoolPolicy = Readonly<z.infer<typeof poolPolicySchema>>;
export type ProductPolicy = Readonly<z.infer<typeof productPolicySchema>>;
export type HostCertificateClaims = Readonly<z.infer<typeof hostCertificateClaimsSchema>>;
export type QualificationPolicy = Readonly<z.infer<typeof qualificationPolicySchema>>;
