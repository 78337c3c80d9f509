import { z } from 'zod';
import { compactJws, instant, numericDate, thumbprint, uuid } from '../formats.js';
import { SIGNATURE_ALGORITHM, tokenTypes } from '../tokens.js';
import { activationDeferredSchema, activationGrantedSchema, machineFactsSchema, machineKeySchema } from './activation.schemas.js';

export const renewalRequestHeaderSchema = z.strictObject({ alg: z.literal(SIGNATURE_ALGORITHM), typ: z.literal(tokenTypes.renewalRequest), jwk: machineKeySchema });
export const releaseRequestHeaderSchema = z.strictObject({ alg: z.literal(SIGNATURE_ALGORITHM), typ: z.literal(tokenTypes.releaseRequest), jwk: machineKeySchema });

const aboutLease = {
  jti: uuid.describe('request id, made and stored by the client before it sends'),
  iat: numericDate,
  lease: compactJws.describe('the lease that the machine holds, whole: any host of the organisation can verify it'),
  aud: thumbprint.optional().describe('the host that the request is meant for'),
};

export const renewalRequestPayloadSchema = z.strictObject({
  ...aboutLease,
  machine: machineFactsSchema,
  drawnFor: numericDate.optional().describe('the moment that the machine drew inside its renewal window'),
});

export const releaseRequestPayloadSchema = z.strictObject(aboutLease);

/** 201 of a renewal: a new lease, which supersedes the one named. */
export const renewalGrantedSchema = z.strictObject({ ...activationGrantedSchema.shape, outcome: z.literal('renewed') });

/** 202 of a renewal: the machine was seen and counted, its lease keeps running, and it is to try again. */
export const renewalDeferredSchema = z.strictObject({ ...activationDeferredSchema.shape, outcome: z.literal('renewal-deferred') });

export const releaseAnswerSchema = z.strictObject({ outcome: z.literal('released'), leaseId: uuid, releasedAt: instant });

export type RenewalRequestPayload = Readonly<z.infer<typeof renewalRequestPayloadSchema>>;
export type ReleaseRequestPayload = Readonly<z.infer<typeof releaseRequestPayloadSchema>>;
export type RenewalGrantedAnswer = Readonly<z.infer<typeof renewalGrantedSchema>>;
export type RenewalDeferredAnswer = Readonly<z.infer<typeof renewalDeferredSchema>>;
export type ReleaseAnswer = Readonly<z.infer<typeof releaseAnswerSchema>>;
