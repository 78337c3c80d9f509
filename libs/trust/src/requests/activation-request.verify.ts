import { activationRequestHeaderSchema, activationRequestPayloadSchema } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';
import { contentDigestOf, decidingContentOf } from './content-digest.js';
import type { VerifiedRequest } from './machine-request.verify.js';
import { verifyRequest } from './machine-request.verify.js';

export type VerifiedActivationRequest = VerifiedRequest<ActivationRequestPayload>;

const kind = {
  headerSchema: activationRequestHeaderSchema,
  payloadSchema: activationRequestPayloadSchema,
  digest: (payload: ActivationRequestPayload) => contentDigestOf(decidingContentOf(payload)),
};

/** Verifies a machine's request to be activated. @throws as {@link verifyRequest} */
export const verifyActivationRequest = (token: string | Uint8Array): Promise<VerifiedActivationRequest> => verifyRequest(token, kind);
