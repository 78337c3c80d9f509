import { SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';
import { CompactSign } from 'jose';
import type { SigningKey } from '../keys/signing-key.js';

/** Signs a machine's request: what a client sends as `application/jose`. */
export const signActivationRequest = ({ key, payload }: { readonly key: SigningKey; readonly payload: ActivationRequestPayload }): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(payload), 'utf8'))
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, typ: tokenTypes.activationRequest, jwk: { ...key.publicJwk } })
    .sign(key.privateKey);
