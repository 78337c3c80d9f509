import { hostActivationRequestHeaderSchema, hostActivationRequestPayloadSchema } from '@muster/contracts';
import type { HostActivationRequestPayload } from '@muster/contracts';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import { openRequest } from './machine-request.verify.js';

const kind = { headerSchema: hostActivationRequestHeaderSchema, payloadSchema: hostActivationRequestPayloadSchema };

export interface VerifiedHostActivationRequest {
  /** The host id: thumbprint of the key that signed. */
  readonly host: string;
  /** The key that is to be certified. */
  readonly hostPublicKey: PublicJwk;
  readonly payload: HostActivationRequestPayload;
}

/**
 * Verifies a host's request to be certified: it holds the key that it names. It may travel in a file, so that its age says nothing.
 *
 * @throws Problem `malformed-request` (extension `pointer`: the failing member) or `signature-invalid`
 */
export const verifyHostActivationRequest = async (token: string | Uint8Array): Promise<VerifiedHostActivationRequest> => {
  const { jwk, payload } = await openRequest(token, kind);
  return { host: thumbprintOf(jwk), hostPublicKey: jwk, payload };
};
