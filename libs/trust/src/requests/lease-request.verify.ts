import { releaseRequestHeaderSchema, releaseRequestPayloadSchema, renewalRequestHeaderSchema, renewalRequestPayloadSchema } from '@muster/contracts';
import type { ReleaseRequestPayload, RenewalRequestPayload } from '@muster/contracts';
import { digestOf } from '../tokens/compact-jws.js';
import { contentDigestOf } from './content-digest.js';
import type { VerifiedRequest } from './machine-request.verify.js';
import { verifyRequest } from './machine-request.verify.js';

const renewal = {
  headerSchema: renewalRequestHeaderSchema,
  payloadSchema: renewalRequestPayloadSchema,
  digest: ({ lease, machine }: RenewalRequestPayload) => contentDigestOf({ kind: 'renewal', virtual: machine.virtual, citedLease: digestOf(lease), evidence: null }),
};

const release = {
  headerSchema: releaseRequestHeaderSchema,
  payloadSchema: releaseRequestPayloadSchema,
  digest: ({ lease }: ReleaseRequestPayload) => contentDigestOf({ kind: 'release', citedLease: digestOf(lease) }),
};

/** Verifies a machine's request to renew the lease it holds; whether that lease is genuine is not looked at. @throws as {@link verifyRequest} */
export const verifyRenewalRequest = (token: string | Uint8Array): Promise<VerifiedRequest<RenewalRequestPayload>> => verifyRequest(token, renewal);

/** Verifies a machine's request to give its lease back; whether that lease is genuine is not looked at. @throws as {@link verifyRequest} */
export const verifyReleaseRequest = (token: string | Uint8Array): Promise<VerifiedRequest<ReleaseRequestPayload>> => verifyRequest(token, release);
