import type { ActivatedHost, CertificateInForce, HostState } from '@muster/domain';
import { keyForRepeat } from '@muster/domain';
import type { Clock } from '@muster/kernel';
import { Problem, SECOND_MS } from '@muster/kernel';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { certificateStandingAt } from '@muster/trust';
import { createCertificateCheck } from './certificate-check.js';
import type { SigningKeys } from './signing-keys.js';

/** What a recorded decision is signed with, and under which certificate. */
export interface Signature {
  readonly key: SigningKey;
  readonly certificate: CertificateInForce;
  /** The host key's word for the key, where it is not the host key itself. */
  readonly delegation: string | null;
}

/** A recorded decision, as far as it says who signs it. */
interface ToBeSigned {
  readonly kid: string;
  readonly certificateDigest: string;
  readonly issuedAtMs: number;
}

/** Signs for a host whose ledger says with which key and by which certificate, and knows when it must not. */
export interface HostSigner {
  /** Why this process must not decide from this state, if so: what it cannot sign, or the vendor did not or no longer does stand for, must not be recorded. */
  objection(host: HostState): Promise<Problem | undefined>;
  /** @throws Problem `request-id-conflict` where the decision cannot be signed any more; Error when the ledger contradicts itself */
  signatureFor(decision: ToBeSigned, host: HostState): Promise<Signature>;
}

export interface HostSignerParts {
  readonly root: PublicJwk;
  readonly keys: SigningKeys;
  readonly clock: Clock;
}

const revoked = (what: string): Problem => new Problem('host-revoked', `The vendor revoked ${what}. Nothing is issued by this host until it is activated anew.`);

/** What of the host the vendor took back, if anything. */
const revocationOf = ({ revocations, certificate, keys }: ActivatedHost, intermediate: string | undefined): Problem | undefined => {
  if (revocations === null) return undefined;
  const { claims } = certificate;
  if (revocations.certificates.has(claims.jti)) return revoked("the host's certificate");
  if (revocations.keys.has(claims.sub)) return revoked('the host key');
  if (revocations.keys.has(keys.signing)) return revoked('the key that signs');
  return intermediate !== undefined && revocations.keys.has(intermediate) ? revoked("the intermediate that signed the host's certificate") : undefined;
};

const notHeld = (kid: string): Problem => new Problem('unavailable', `Key ${kid} signs for the host, and this service does not hold it.`);

/** A decision of a host key that was replaced is signed under today's certificate, if that was valid then: clients hold every lease against its certificate. */
const certificateFor = ({ certificateDigest, issuedAtMs }: ToBeSigned, host: ActivatedHost): CertificateInForce => {
  const named = host.certificates.get(certificateDigest);
  if (named === undefined) throw new Error(`a decision names certificate ${certificateDigest}, which the ledger does not hold before it`);
  if (named.claims.sub === host.host) return named;
  const inForce = host.certificate;
  if (certificateStandingAt(inForce.claims, Math.floor(issuedAtMs / SECOND_MS) * SECOND_MS) === 'valid') return inForce;
  throw new Problem('request-id-conflict', 'The request was decided under a host key that is not in use any more. Make a new request.');
};

export const createHostSigner = ({ root, keys, clock }: HostSignerParts): HostSigner => {
  const checkCertificate = createCertificateCheck(root);
  return {
    objection: async (host) => {
      if (host.status === 'not-activated') return undefined;
      const verdict = await checkCertificate(host.certificate);
      if (verdict.status === 'refused') return verdict.problem;
      return revocationOf(host, verdict.intermediate) ?? ((await keys.find(host.keys.signing)) === undefined ? notHeld(host.keys.signing) : undefined);
    },
    signatureFor: async (decision, host) => {
      if (host.status === 'not-activated') throw new Error('a decision of a host that was never activated');
      const certificate = certificateFor(decision, host);
      const { kid, delegation } = keyForRepeat(host, decision.kid, clock.nowMs());
      const key = await keys.find(kid);
      if (key === undefined) throw notHeld(kid);
      return { key, certificate, delegation };
    },
  };
};
