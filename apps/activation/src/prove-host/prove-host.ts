import type { HostState } from '@muster/domain';
import { signingKidOf } from '@muster/domain';
import type { HostSigner } from '@muster/issuance';
import { Problem, SECOND_MS, toNumericDate } from '@muster/kernel';
import { certificateStandingAt, signHostProof, withRenewalGrace } from '@muster/trust';

export interface HostToProve {
  readonly host: HostState;
  readonly signer: HostSigner;
  readonly nonce: string;
  readonly nowMs: number;
}

/**
 * Signs a nonce for whoever asked, with the key that signs leases now: only a host that may issue something proves anything.
 *
 * @throws Problem `host-not-activated`, `host-retired`, `host-certificate-not-valid`, `host-revoked`; `unavailable` when this process does not hold the key
 */
export const proveHost = async ({ host, signer, nonce, nowMs }: HostToProve): Promise<string> => {
  if (host.status === 'not-activated') throw new Problem('host-not-activated', 'The host has no certificate from the vendor yet: it can prove nothing.');
  if (host.status === 'retired') throw new Problem('host-retired', 'The host was retired.');
  const { certificate } = host;
  const iat = toNumericDate(nowMs);
  if (certificateStandingAt(withRenewalGrace(certificate.claims), iat * SECOND_MS) !== 'valid') {
    throw new Problem('host-certificate-not-valid', "The host's certificate is not valid at this time. The administrator has to activate the host again.");
  }
  const objection = await signer.objection(host);
  if (objection !== undefined) throw objection;
  const { key, delegation } = await signer.signatureFor({ kid: signingKidOf(host), certificateDigest: certificate.digest, issuedAtMs: nowMs }, host);
  const chain = [certificate.jws, ...(certificate.intermediate === undefined ? [] : [certificate.intermediate])];
  return signHostProof({ iss: certificate.claims.sub, iat, nonce, ...(delegation === null ? {} : { signer: delegation }), chain }, key);
};
