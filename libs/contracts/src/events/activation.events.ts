import { z } from 'zod';
import { base64url32, dottedName, durationSeconds, instant, numericDate, renewalWindowSchema, thumbprint, uuid } from '../formats.js';
import { firmwareEvidenceSchema } from '../machine-evidence.js';
import { deferralBasisSchema, expiryBasisSchema, grantBasisSchema, refusalBasisSchema } from './basis.js';

const subject = { machine: thumbprint, product: dottedName, pool: dottedName, virtual: z.boolean() };

/** A machine asked. Its host name and address are personal data and stand in the side table. */
export const activationRequestedV1 = z.strictObject({
  ...subject,
  requestIssuedAt: numericDate,
  citedLease: base64url32.nullable(),
  contentDigest: base64url32,
  drawnFor: numericDate.optional().describe('of a renewal: the moment that the machine drew inside its window, as it says; decides whether it comes late'),
  evidence: firmwareEvidenceSchema.optional().describe('what the firmware says, where the machine told'),
});

/** Left out where the machine counts; `false` where it was served and, not being enrolled, counts for nothing. */
const counted = z.literal(false).optional();

export const activationGrantedV1 = z.strictObject({
  ...subject,
  leaseId: uuid,
  kid: thumbprint.describe('the host key that signs the lease'),
  issuedAt: instant,
  expiresAt: instant,
  renewAfterSeconds: durationSeconds,
  renewalWindow: renewalWindowSchema,
  retryAfterSeconds: durationSeconds,
  counted,
  basis: grantBasisSchema,
});

/** Below the threshold: the machine was counted and is to try again. */
export const activationDeferredV1 = z.strictObject({
  ...subject,
  kid: thumbprint.describe('the host key that signs the receipt'),
  retryAfterSeconds: durationSeconds,
  counted,
  basis: deferralBasisSchema,
});

/** A renewal: a new lease in place of `renewedLease`, which it supersedes. */
export const activationRenewedV1 = z.strictObject({ ...activationGrantedV1.shape, renewedLease: uuid });

/** A renewal below the threshold: the machine was seen and counted, and its lease keeps running. */
export const renewalDeferredV1 = z.strictObject({ ...activationDeferredV1.shape, lease: uuid });

/** Who gave a lease back: the machine itself, or an administrator who had a reason to. */
export const releaseReasons = ['returned', 'decommissioned', 'lost', 'reimaged', 'duplicate'] as const;

/** The lease ends now. The machine stays in the count until its window passes. */
export const activationReleasedV1 = z.strictObject({ ...subject, leaseId: uuid, reason: z.enum(releaseReasons), basis: refusalBasisSchema });

/** The lease ran out without being renewed. Whether a lease is good never waits for this: it is decided from its times. */
export const activationExpiredV1 = z.strictObject({ ...subject, leaseId: uuid, expiredAt: instant, basis: expiryBasisSchema });

/** Problem kinds under which a request for a known product is refused, and that refusal recorded. */
export const refusalReasons = ['product-not-covered', 'host-retired', 'host-certificate-not-valid', 'qualification-missing'] as const;

/** The host cannot serve the product. The machine does not count as seen. */
export const activationRefusedV1 = z.strictObject({ ...subject, reason: z.enum(refusalReasons), basis: refusalBasisSchema });

export type RefusalReason = (typeof refusalReasons)[number];
export type ActivationRequested = Readonly<z.infer<typeof activationRequestedV1>>;
export type ActivationGranted = Readonly<z.infer<typeof activationGrantedV1>>;
export type ActivationDeferred = Readonly<z.infer<typeof activationDeferredV1>>;
export type ReleaseReason = (typeof releaseReasons)[number];
export type ActivationRenewed = Readonly<z.infer<typeof activationRenewedV1>>;
export type RenewalDeferred = Readonly<z.infer<typeof renewalDeferredV1>>;
export type ActivationReleased = Readonly<z.infer<typeof activationReleasedV1>>;
export type ActivationExpired = Readonly<z.infer<typeof activationExpiredV1>>;
export type ActivationRefused = Readonly<z.infer<typeof activationRefusedV1>>;
