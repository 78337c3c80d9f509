import { SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import type { ActivationRequestPayload, ReleaseRequestPayload, RenewalRequestPayload } from '@muster/contracts';
import type { SigningKey } from '../keys/signing-key.js';
import { signCompact } from '../tokens/compact-jws.js';

interface ToSign<Payload> {
  readonly key: SigningKey;
  readonly payload: Payload;
}

type RequestType = (typeof tokenTypes)['activationRequest' | 'renewalRequest' | 'releaseRequest'];

const signerOf =
  <Payload extends object>(typ: RequestType) =>
  ({ key, payload }: ToSign<Payload>): Promise<string> =>
    signCompact({ header: { alg: SIGNATURE_ALGORITHM, typ, jwk: key.publicJwk }, payload: JSON.stringify(payload), privateKey: key.privateKey });

/** Signs a machine's request to be activated: what a client sends as `application/jose`. */
export const signActivationRequest = signerOf<ActivationRequestPayload>(tokenTypes.activationRequest);

/** Signs a machine's request to renew the lease it holds: what a client sends as `application/jose`. */
export const signRenewalRequest = signerOf<RenewalRequestPayload>(tokenTypes.renewalRequest);

/** Signs a machine's request to give its lease back: what a client sends as `application/jose`. */
export const signReleaseRequest = signerOf<ReleaseRequestPayload>(tokenTypes.releaseRequest);
