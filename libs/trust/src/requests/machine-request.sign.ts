import { SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import type { ActivationRequestPayload, HostActivationRequestPayload, InstallationRequestPayload, ReleaseRequestPayload, RenewalRequestPayload } from '@muster/contracts';
import type { SigningKey } from '../keys/signing-key.js';
import { signCompact } from '../tokens/compact-jws.js';

interface ToSign<Payload> {
  readonly key: SigningKey;
  readonly payload: Payload;
}

type RequestType = (typeof tokenTypes)['activationRequest' | 'renewalRequest' | 'releaseRequest' | 'hostActivationRequest' | 'installationRequest'];

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

/** Signs a machine's request for a permanent lease: what whoever has a multiple activation key hands to the authority. */
export const signInstallationRequest = signerOf<InstallationRequestPayload>(tokenTypes.installationRequest);

/** Signs a host's request to be certified, with the host key. */
export const signHostActivationRequest = signerOf<HostActivationRequestPayload>(tokenTypes.hostActivationRequest);
