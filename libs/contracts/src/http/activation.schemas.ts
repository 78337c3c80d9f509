import { z } from 'zod';
import { base64url32, base64url64, compactJws, dottedName, durationSeconds, instant, numericDate, renewalWindowSchema, thumbprint, uuid } from '../formats.js';
import { firmwareEvidenceSchema } from '../machine-evidence.js';
import { SIGNATURE_ALGORITHM, tokenTypes } from '../tokens.js';

/** A request to activate is at most this large; checked before anything is parsed. */
export const ACTIVATION_REQUEST_BYTES_MAX = 16 * 1024;

/** Any signed request is at most this large. A renewal brings its lease along, which brings the vendor's whole catalogue: see `CATALOGUE_BYTES_MAX`. */
export const REQUEST_BYTES_MAX = 64 * 1024;

/** An administrator's order is at most this large: the longest revocation list. */
export const ORDER_BYTES_MAX = 256 * 1024;

/** How far `iat` may be from the host's time, either way. */
export const FRESHNESS_SECONDS = 300;

/** A machine's own public key, embedded: what it signs names it. */
export const machineKeySchema = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url32 });

export const activationRequestHeaderSchema = z.strictObject({ alg: z.literal(SIGNATURE_ALGORITHM), typ: z.literal(tokenTypes.activationRequest), jwk: machineKeySchema });

/**
 * That whoever made the request holds an enrolment token, without showing it: requests travel over plain http. The signature, made with the
 * token's private half, is over this one machine's id, so what is overheard enrols nobody else.
 */
export const enrolmentProofSchema = z.strictObject({ token: base64url32.describe('the public half of the token'), signature: base64url64 });

/** What a machine says of itself. */
export const machineFactsSchema = z.strictObject({
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  hostname: z.string().min(1).max(253).regex(/^[^\u0000-\u001f\u007f]+$/, 'no control characters'),
  virtual: z.boolean(),
});

export const activationRequestPayloadSchema = z.strictObject({
  jti: uuid.describe('request id, made and stored by the client before it sends'),
  iat: numericDate,
  product: dottedName,
  machine: machineFactsSchema,
  lease: base64url32.optional().describe('SHA-256 of the last lease held'),
  aud: thumbprint.optional().describe('the host that the request is meant for'),
  evidence: firmwareEvidenceSchema.optional().describe('what the firmware says, where the product is licensed as an upgrade'),
  enrolment: enrolmentProofSchema.optional().describe('by which the machine enrols, where only enrolled machines count'),
});

export const activationGrantedSchema = z.strictObject({
  outcome: z.literal('granted'),
  leaseId: uuid,
  lease: compactJws,
  count: z.int().nonnegative(),
  threshold: z.int().positive(),
  issuedAt: instant,
  expiresAt: instant,
  renewAfterSeconds: durationSeconds,
  renewAt: instant.describe('the issue and renewAfterSeconds: the latest moment at which the window closes'),
  renewalWindow: z.strictObject({ ...renewalWindowSchema.shape, opensAt: instant, closesAt: instant }).describe('draw a moment inside, once, and renew then'),
  retryAfterSeconds: durationSeconds.describe('between two rounds over the hosts that bring no lease'),
  retryAt: instant.describe('the issue and retryAfterSeconds'),
});

export const activationDeferredSchema = z.strictObject({
  outcome: z.literal('deferred'),
  count: z.int().nonnegative(),
  threshold: z.int().positive(),
  retryAfterSeconds: durationSeconds,
  retryAt: instant.describe('the decision and retryAfterSeconds'),
  receipt: compactJws,
});

export const activationAnswerSchema = z.discriminatedUnion('outcome', [activationGrantedSchema, activationDeferredSchema]);

export type ActivationRequestPayload = Readonly<z.infer<typeof activationRequestPayloadSchema>>;
export type EnrolmentProof = Readonly<z.infer<typeof enrolmentProofSchema>>;
export type ActivationGrantedAnswer = Readonly<z.infer<typeof activationGrantedSchema>>;
export type ActivationDeferredAnswer = Readonly<z.infer<typeof activationDeferredSchema>>;
/** What a machine is told: the body of 201 (granted) or 202 (deferred). */
export type ActivationAnswer = ActivationGrantedAnswer | ActivationDeferredAnswer;
