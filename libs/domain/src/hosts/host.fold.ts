import type { Fold } from '@muster/kernel';
import type { DomainEvent, EventOf, HostCertificateClaims } from '@muster/contracts';

/** The certificate in force. */
export interface CertificateInForce {
  readonly jws: string;
  readonly digest: string;
  readonly claims: HostCertificateClaims;
}

/** A host as its ledger knows it. Every certificate it ever used stays, so that an old decision can be signed again with its own chain. */
export type HostState =
  | { readonly status: 'not-activated' }
  | {
      readonly status: 'active' | 'retired';
      readonly host: string;
      readonly certificate: CertificateInForce;
      readonly certificates: ReadonlyMap<string, CertificateInForce>;
    };

export type ActivatedHost = Exclude<HostState, { readonly status: 'not-activated' }>;

const activated = (state: HostState, { data }: EventOf<'HostActivated'>): HostState => {
  const certificate = { jws: data.certificate, digest: data.certificateDigest, claims: data.claims };
  const known = state.status === 'not-activated' ? [] : state.certificates;
  return { status: 'active', host: data.host, certificate, certificates: new Map([...known, [certificate.digest, certificate]]) };
};

export const hostFold: Fold<HostState, DomainEvent> = {
  initialState: () => ({ status: 'not-activated' }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'HostActivated':
        return activated(state, event);
      case 'HostRetired':
        return state.status === 'not-activated' ? state : { ...state, status: 'retired' };
      default:
        return state;
    }
  },
};
