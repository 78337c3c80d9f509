import { z } from 'zod';
import { base64url32, compactJws, dottedName, numericDate, position, thumbprint, uuid } from './formats.js';
import { catalogueIssues, catalogueShape, publicJwk } from './host-certificate.js';

/** The vendor's own words, all of them signed by the root or by an intermediate that the root signed. */
const vendorSigned = { iss: dottedName.describe("the vendor's name"), iat: numericDate };

/** `typ: muster-intermediate-certificate+jwt`, signed by the root: a key that signs day to day, so that the root can be kept off line. */
export const intermediateCertificateClaimsSchema = z.strictObject({
  ...vendorSigned,
  sub: thumbprint.describe('thumbprint of `cnf.jwk`'),
  jti: uuid,
  nbf: numericDate,
  exp: numericDate,
  cnf: z.strictObject({ jwk: publicJwk }),
});

/** At most one intermediate; none where the root signs itself. */
const vendorChain = z.array(compactJws).max(1).describe('the intermediate certificate, where one signed');

export const environments = ['production', 'development'] as const;

/**
 * `typ: muster-host-policies+jwt`: all of a host certificate but the host, its serial and its dates. It travels with the host key, so that
 * the confirmation of an activation can be read out over a telephone.
 */
export const hostPoliciesClaimsSchema = z
  .strictObject({
    ...vendorSigned,
    jti: uuid,
    keyId: base64url32.describe('SHA-256 of the host key that these policies were made for'),
    organisation: dottedName,
    environment: z.enum(environments),
    coversGroup: dottedName,
    ...catalogueShape,
    chain: vendorChain,
  })
  .superRefine((claims, context) => {
    for (const message of catalogueIssues(claims)) context.addIssue({ code: 'custom', message });
    if (!claims.groups.some(({ name }) => name === claims.coversGroup)) context.addIssue({ code: 'custom', message: `coversGroup ${claims.coversGroup} is not a listed group` });
  });

/** `typ: muster-signing-key+jwt`, signed by the host key: another key of the same host that may sign leases and receipts. */
export const signingKeyClaimsSchema = z.strictObject({
  iss: thumbprint.describe('the host id'),
  sub: thumbprint.describe('thumbprint of `cnf.jwk`'),
  iat: numericDate,
  cnf: z.strictObject({ jwk: publicJwk }),
});

/** As many certificates, and as many keys, as one list names: a host is handed it in one order (`ORDER_BYTES_MAX`), and every machine fetches it daily. */
export const REVOCATIONS_MAX = 2000;

/** `typ: muster-revocation-list+jwt`: the whole list each time; a higher sequence replaces a lower one. */
export const revocationListClaimsSchema = z.strictObject({
  ...vendorSigned,
  sequence: z.int().positive(),
  certificates: z.array(uuid).max(REVOCATIONS_MAX).describe('serials of host certificates'),
  keys: z.array(thumbprint).max(REVOCATIONS_MAX).describe('host keys, signing keys and intermediates'),
  chain: vendorChain,
});

/** Which way a permanent lease was drawn from a multiple activation key. */
export const activationWays = ['independent', 'proxy'] as const;

/** `typ: muster-permanent-lease+jwt`: what a multiple activation key gives. It has no `exp`, and says so. */
export const permanentLeaseClaimsSchema = z.strictObject({
  ...vendorSigned,
  sub: thumbprint.describe('the machine id'),
  aud: dottedName.describe('the product'),
  jti: uuid.describe('the lease id'),
  permanent: z.literal(true),
  organisation: dottedName,
  cnf: z.strictObject({ jkt: thumbprint }),
  hardware: base64url32.nullable().describe('SHA-256 of the hardware evidence that it was drawn for'),
  position: position.describe("where the decision stands in the authority's ledger"),
  chain: vendorChain,
});

export type IntermediateCertificateClaims = Readonly<z.infer<typeof intermediateCertificateClaimsSchema>>;
export type HostPoliciesClaims = Readonly<z.infer<typeof hostPoliciesClaimsSchema>>;
export type SigningKeyClaims = Readonly<z.infer<typeof signingKeyClaimsSchema>>;
export type RevocationListClaims = Readonly<z.infer<typeof revocationListClaimsSchema>>;
export type PermanentLeaseClaims = Readonly<z.infer<typeof permanentLeaseClaimsSchema>>;
export type ActivationWay = (typeof activationWays)[number];
