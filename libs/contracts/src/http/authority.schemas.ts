import { z } from 'zod';
import { keyEnding } from '../events/host.events.js';
import { base64url32, base64url64, compactJws, dottedName, instant, numericDate, position, thumbprint, uuid } from '../formats.js';
import { firmwareEvidenceSchema, hardwareEvidenceSchema } from '../machine-evidence.js';
import { SIGNATURE_ALGORITHM, tokenTypes } from '../tokens.js';
import { machineKeySchema } from './activation.schemas.js';

/** A key as people type it: groups of five, joined by hyphens. It is a secret: in bodies only, never in paths, logs or events. */
export const activationKeyText = z.string().max(64);

/**
 * What activates a host, small enough to be read out: the certificate's serial, dates and signature. Everything else of the certificate
 * stands in the policies that came with the host key, and in the host's own public key.
 */
export const hostConfirmationSchema = z.strictObject({
  serial: z.int().nonnegative().max(0xff_ffff),
  /** A whole minute. */
  issuedAt: numericDate.refine((seconds) => seconds % 60 === 0, 'a whole minute'),
  validDays: z.int().positive().max(0xffff),
  signature: base64url64,
});

/** Payload of `typ: muster-host-activation-request+jwt`, signed by the host key, its public half in the header as `jwk`. */
export const hostActivationRequestPayloadSchema = z.strictObject({
  jti: uuid,
  iat: numericDate,
  keyId: base64url32.describe('SHA-256 of the host key that was installed'),
  policies: base64url32.describe('SHA-256 of the policies file that the host will rebuild its certificate from'),
});

const signedBy = <Type extends string>(typ: Type) => z.strictObject({ alg: z.literal(SIGNATURE_ALGORITHM), typ: z.literal(typ), jwk: machineKeySchema });
export const hostActivationRequestHeaderSchema = signedBy(tokenTypes.hostActivationRequest);
export const installationRequestHeaderSchema = signedBy(tokenTypes.installationRequest);

/** `POST /v1/host-policies`: the policies file of a host key. */
export const hostPoliciesRequestSchema = z.strictObject({ key: activationKeyText });
export const hostPoliciesAnswerSchema = z.strictObject({ keyId: base64url32, keyEnding, policies: compactJws });

/** `POST /v1/host-activations`: online. The key beside the signed request proves that whoever asks has it. */
export const hostActivationSchema = z.strictObject({ key: activationKeyText, request: compactJws });

/** `POST /v1/confirmations`: by hand, for a vendor's clerk: the file, or the code that was read out. */
export const confirmHostSchema = z.union([
  z.strictObject({ key: activationKeyText, request: compactJws }),
  z.strictObject({ key: activationKeyText, installationCode: z.string().max(400), requestId: uuid.optional().describe('the same again: the same confirmation, and nothing is used up') }),
]);

export const hostActivationAnswerSchema = z.strictObject({
  host: thumbprint,
  confirmation: hostConfirmationSchema,
  confirmationCode: z.string().describe('the same, as groups of digits'),
  expiresAt: instant,
  hostsUsed: z.int(),
  hostsMax: z.int(),
  activationsUsed: z.int().describe('of this host'),
  activationsPerHostMax: z.int(),
});

/**
 * Payload of `typ: muster-installation-request+jwt`, signed by the machine's key: it asks the authority for a permanent lease. Which key pays
 * for it is said beside, so that the request can be collected by somebody who must not see the key.
 */
export const installationRequestPayloadSchema = z.strictObject({
  jti: uuid,
  iat: numericDate,
  product: dottedName,
  machine: z.strictObject({ virtual: z.boolean() }),
  hardware: hardwareEvidenceSchema,
  evidence: firmwareEvidenceSchema.optional(),
});

/** `POST /v1/machine-activations`: independent. */
export const machineActivationSchema = z.strictObject({ key: activationKeyText, request: compactJws });

/** `POST /v1/machine-confirmations`: by proxy, many at once. */
export const PROXY_BATCH_MAX = 100;
export const confirmMachinesSchema = z.strictObject({ key: activationKeyText, requests: z.array(compactJws).min(1).max(PROXY_BATCH_MAX) });

export const permanentActivationSchema = z.strictObject({
  outcome: z.literal('granted'),
  machine: thumbprint,
  product: dottedName,
  leaseId: uuid,
  lease: compactJws,
  issuedAt: instant,
  drawn: z.boolean().describe('false: the same machine was confirmed again, for nothing'),
  remaining: z.int().nonnegative(),
});

/** One for each request, in their order. */
export const machineConfirmationsSchema = z.strictObject({
  confirmations: z.array(
    z.discriminatedUnion('outcome', [permanentActivationSchema, z.strictObject({ outcome: z.literal('refused'), machine: thumbprint.nullable(), reason: z.string(), detail: z.string() })]),
  ),
  remaining: z.int().nonnegative(),
});

export const issueHostKeySchema = z.strictObject({
  organisation: dottedName,
  coversGroup: dottedName,
  hostsMax: z.int().positive().max(10_000).default(6),
  activationsPerHostMax: z.int().positive().max(10_000).default(10),
});
/** The key is shown this once. */
export const hostKeyIssuedAnswerSchema = z.strictObject({ keyId: base64url32, key: activationKeyText, policies: compactJws });

export const raiseHostKeySchema = z.strictObject({ hostsMax: z.int().positive().max(10_000), activationsPerHostMax: z.int().positive().max(10_000) }).partial();

export const issueMultipleActivationKeySchema = z.strictObject({ organisation: dottedName, group: dottedName, allowance: z.int().positive().max(10_000_000) });
export const multipleActivationKeyIssuedAnswerSchema = z.strictObject({ keyId: base64url32, key: activationKeyText });

export const raiseMultipleActivationKeySchema = z.strictObject({ allowance: z.int().positive().max(10_000_000) });

export const revokeActivationKeySchema = z.strictObject({ reason: z.enum(['leaked', 'ended', 'refunded']) });

export const hostKeyEntrySchema = z.strictObject({
  keyId: base64url32,
  keyEnding,
  organisation: dottedName,
  coversGroup: dottedName,
  hostsMax: z.int(),
  activationsPerHostMax: z.int(),
  revoked: z.boolean(),
  issuedAt: instant,
  hosts: z.array(z.strictObject({ host: thumbprint, activations: z.int(), lastSerial: z.int(), certificateId: uuid, expiresAt: instant })),
});

export const multipleActivationKeyEntrySchema = z.strictObject({
  keyId: base64url32,
  keyEnding,
  organisation: dottedName,
  group: dottedName,
  allowance: z.int(),
  used: z.int(),
  remaining: z.int(),
  revoked: z.boolean(),
  issuedAt: instant,
});

export const activationKeysSchema = z.strictObject({ hostKeys: z.array(hostKeyEntrySchema), multipleActivationKeys: z.array(multipleActivationKeyEntrySchema), position });

export const adoptCatalogueAnswerSchema = z.strictObject({ digest: base64url32, position, adopted: z.boolean().describe('false: it is the one in force') });

export const revokeSchema = z.union([
  z.strictObject({ certificate: uuid, reason: z.enum(['compromised', 'retired', 'issued-in-error']) }),
  z.strictObject({ key: thumbprint, reason: z.enum(['compromised', 'retired', 'issued-in-error']) }),
]);

/** `GET /v1/revocations` of the authority and of a host: the list in force; none was ever signed: null. */
export const revocationsAnswerSchema = z.strictObject({ list: compactJws.nullable(), sequence: z.int().nonnegative() });

/** `GET /v1/vendor`: who this authority is, and what is pinned in the products. */
export const vendorDescriptionSchema = z.strictObject({
  vendor: dottedName.nullable(),
  root: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url32 }),
  signer: thumbprint,
  chain: z.array(compactJws).max(1),
  catalogueDigest: base64url32.nullable(),
  head: position,
});

export type HostConfirmation = Readonly<z.infer<typeof hostConfirmationSchema>>;
export type HostActivationRequestPayload = Readonly<z.infer<typeof hostActivationRequestPayloadSchema>>;
export type HostPoliciesAnswer = Readonly<z.infer<typeof hostPoliciesAnswerSchema>>;
export type HostActivationAnswer = Readonly<z.infer<typeof hostActivationAnswerSchema>>;
export type ConfirmHost = Readonly<z.infer<typeof confirmHostSchema>>;
export type InstallationRequestPayload = Readonly<z.infer<typeof installationRequestPayloadSchema>>;
export type PermanentActivation = Readonly<z.infer<typeof permanentActivationSchema>>;
export type MachineConfirmations = Readonly<z.infer<typeof machineConfirmationsSchema>>;
export type ActivationKeys = Readonly<z.infer<typeof activationKeysSchema>>;
export type HostKeyEntry = Readonly<z.infer<typeof hostKeyEntrySchema>>;
export type MultipleActivationKeyEntry = Readonly<z.infer<typeof multipleActivationKeyEntrySchema>>;
export type RevocationsAnswer = Readonly<z.infer<typeof revocationsAnswerSchema>>;
export type VendorDescription = Readonly<z.infer<typeof vendorDescriptionSchema>>;
