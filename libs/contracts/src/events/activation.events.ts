import { z } from 'zod';
import { base64url32, dottedName, durationSeconds, instant, numericDate, renewalWindowSchema, thumbprint, uuid } from '../formats.js';
import { deferralBasisSchema, grantBasisSchema, refusalBasisSchema } from './basis.js';

const subject = { machine: thumbprint, product: dottedName, pool: dottedName, virtual: z.boolean() };

/** A machine asked. Its host name and address are personal data and stand in the side table. */
export const activationRequestedV1 = z.strictObject({
  ...subject,
  requestIssuedAt: numericDate,
  citedLease: base64url32.nullable(),
  contentDigest: base64url32,
});

export const activationGrantedV1 = z.strictObject({
  ...subject,
  leaseId: uuid,
  kid: thumbprint.describe('the host key that signs the lease'),
  issuedAt: instant,
  expiresAt: instant,
  renewAfterSeconds: durationSeconds,
  renewalWindow: renewalWindowSchema,
  retryAfterSeconds: durationSeconds,
  basis: grantBasisSchema,
});

/** Below the threshold: the machine was counted and is to try again. */
export const activationDeferredV1 = z.strictObject({
  ...subject,
  kid: thumbprint.describe('the host key that signs the receipt'),
  retryAfterSeconds: durationSeconds,
  basis: deferralBasisSchema,
});

/** Problem kinds under which a request for a known product is refused, and that refusal recorded. */
export const refusalReasons = ['product-not-covered', 'host-retired', 'host-certificate-not-valid'] as const;

/** The host cannot serve the product. The machine does not count as seen. */
export const activationRefusedV1 = z.strictObject({ ...subject, reason: z.enum(refusalReasons), basis: refusalBasisSchema });

export type RefusalReason = (typeof refusalReasons)[number];
export type ActivationRequested = Readonly<z.infer<typeof activationRequestedV1>>;
export type ActivationGranted = Readonly<z.infer<typeof activationGrantedV1>>;
export type ActivationDeferred = Readonly<z.infer<typeof activationDeferredV1>>;
export type ActivationRefused = Readonly<z.infer<typeof activationRefusedV1>>;
