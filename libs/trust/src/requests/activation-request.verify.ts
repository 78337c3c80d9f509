import { activationRequestHeaderSchema, activationRequestPayloadSchema } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import { contentDigestOf, decidingContentOf } from './content-digest.js';
import { holdsEnrolmentToken } from './enrolment-token.js';
import type { VerifiedRequest } from './machine-request.verify.js';
import { verifyRequest } from './machine-request.verify.js';

export type VerifiedActivationRequest = VerifiedRequest<ActivationRequestPayload>;

const kind = {
  headerSchema: activationRequestHeaderSchema,
  payloadSchema: activationRequestPayloadSchema,
  digest: (payload: ActivationRequestPayload) => contentDigestOf(decidingContentOf(payload)),
};

/** Verifies a machine's request to be activated, and that it holds the enrolment token that it names. @throws as {@link verifyRequest}, and Problem `enrolment-not-valid` */
export const verifyActivationRequest = async (token: string | Uint8Array): Promise<VerifiedActivationRequest> => {
  const verified = await verifyRequest(token, kind);
  const { enrolment } = verified.payload;
  if (enrolment !== undefined && !holdsEnrolmentToken(enrolment, verified.machine)) {
    throw new Problem('enrolment-not-valid', 'The proof of enrolment was not made for this machine with the token that it names.');
  }
  return verified;
};
