import { z } from 'zod';
import { base64url32, compactJws, dottedName, instant, numericDate, thumbprint, uuid } from '../formats.js';
import { catalogueIssues, catalogueShape } from '../host-certificate.js';
import { firmwareEvidenceSchema, hardwareEvidenceSchema } from '../machine-evidence.js';
import { activationWays, environments } from '../vendor-tokens.js';
import { keyEnding } from './host.events.js';

/**
 * As canonical JSON, for some 150 products. A host certificate holds the whole catalogue, a lease brings its certificate along, and a renewal its lease, each
 * a third longer for being base64url: more would make leases that nobody can renew (`REQUEST_BYTES_MAX`).
 */
export const CATALOGUE_BYTES_MAX = 20 * 1024;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** What a vendor sells, and by which rules: the file that the vendor keeps under version control. */
export const vendorCatalogueSchema = z
  .strictObject({
    vendor: dottedName,
    environment: z.enum(environments),
    ...catalogueShape,
    /** How long a host certificate is valid. */
    certificateDays: z.int().min(1).max(3660),
  })
  .superRefine((catalogue, context) => {
    for (const message of catalogueIssues(catalogue)) context.addIssue({ code: 'custom', message });
    const bytes = bytesOf(catalogue);
    if (bytes > CATALOGUE_BYTES_MAX) context.addIssue({ code: 'custom', message: `the catalogue has ${bytes} bytes, and at most ${CATALOGUE_BYTES_MAX} fit a lease that can be renewed` });
  });

export const catalogueAdoptedV1 = z.strictObject({ digest: base64url32, catalogue: vendorCatalogueSchema });

/** What every event about a key says of it: never the key itself. */
const key = { keyId: base64url32.describe('SHA-256 of the key'), keyEnding };

export const hostKeyIssuedV1 = z.strictObject({
  ...key,
  organisation: dottedName,
  coversGroup: dottedName,
  hostsMax: z.int().positive().max(10_000),
  activationsPerHostMax: z.int().positive().max(10_000),
});

/** The exception that somebody asked for. */
export const hostKeyRaisedV1 = z.strictObject({ keyId: base64url32, hostsMax: z.int().positive().max(10_000), activationsPerHostMax: z.int().positive().max(10_000) });

/** Neither a host nor a machine is activated with it any more; what was activated stays. */
export const activationKeyRevokedV1 = z.strictObject({ keyId: base64url32, reason: z.enum(['leaked', 'ended', 'refunded']) });

/** How a request reached the authority, and its answer the host. */
export const confirmationWays = ['online', 'file', 'telephone'] as const;

/** One of the activations of a host was used: everything that the confirmation and the certificate are made from. */
export const hostCertificateIssuedV1 = z.strictObject({
  keyId: base64url32,
  host: thumbprint,
  hostKey: base64url32.describe('the public key, `x` of its JWK'),
  serial: z.int().nonnegative().max(0xff_ffff),
  certificateId: uuid,
  issuedAt: numericDate,
  validDays: z.int().positive().max(0xffff),
  policies: compactJws,
  way: z.enum(confirmationWays),
  activation: z.int().positive().describe('which activation of this host by this key it is'),
});

export const hostActivationRefusalReasons = ['key-revoked', 'hosts-exhausted', 'activations-exhausted', 'host-revoked'] as const;

export const hostActivationRefusedV1 = z.strictObject({ keyId: base64url32, host: thumbprint, reason: z.enum(hostActivationRefusalReasons), way: z.enum(confirmationWays) });

export const multipleActivationKeyIssuedV1 = z.strictObject({ ...key, organisation: dottedName, group: dottedName, allowance: z.int().positive().max(10_000_000) });

export const multipleActivationKeyRaisedV1 = z.strictObject({ keyId: base64url32, allowance: z.int().positive().max(10_000_000) });

/** What the machine's firmware said, which decides for products that are licensed as an upgrade. */
const evidence = firmwareEvidenceSchema.optional();

/** One activation was drawn from the allowance, or, where `drawn` is false, the same machine was confirmed again for nothing. */
export const multipleActivationKeyUsedV1 = z.strictObject({
  keyId: base64url32,
  machine: thumbprint,
  product: dottedName,
  leaseId: uuid,
  hardware: hardwareEvidenceSchema,
  evidence,
  way: z.enum(activationWays),
  drawn: z.boolean(),
  remaining: z.int().nonnegative(),
  issuedAt: instant,
});

export const multipleActivationRefusalReasons = ['key-revoked', 'allowance-exhausted', 'group-not-covered', 'qualification-missing'] as const;

export const multipleActivationRefusedV1 = z.strictObject({
  keyId: base64url32,
  machine: thumbprint,
  product: dottedName,
  evidence,
  reason: z.enum(multipleActivationRefusalReasons),
  way: z.enum(activationWays),
});

/** The vendor takes its word back. The signed list with this sequence names it from now on. */
export const vendorRevocationV1 = z.strictObject({
  sequence: z.int().positive(),
  certificate: uuid.nullable(),
  key: thumbprint.nullable(),
  reason: z.enum(['compromised', 'retired', 'issued-in-error']),
});

export type VendorCatalogue = Readonly<z.infer<typeof vendorCatalogueSchema>>;
export type ConfirmationWay = (typeof confirmationWays)[number];
export type HostActivationRefusalReason = (typeof hostActivationRefusalReasons)[number];
export type MultipleActivationRefusalReason = (typeof multipleActivationRefusalReasons)[number];
