import { SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';
import type { SigningKey } from '../keys/signing-key.js';
import { signCompact } from '../tokens/compact-jws.js';

/** Signs a machine's request: what a client sends as `application/jose`. */
export const signActivationRequest = ({ key, payload }: { readonly key: SigningKey; readonly payload: ActivationRequestPayload }): Promise<string> =>
  signCompact({
    header: { alg: SIGNATURE_ALGORITHM, typ: tokenTypes.activationRequest, jwk: key.publicJwk },
    payload: JSON.stringify(payload),
    privateKey: key.privateKey,
  });
