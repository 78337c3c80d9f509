import type { Fold } from '@muster/kernel';
import type { DomainEvent, EventOf, HostCertificateClaims } from '@muster/contracts';
import { readBy, typesReadBy } from '../folds/readers.js';
import type { SigningKeys } from './signing-keys.fold.js';
import { announced, certified, changed, keysOf } from './signing-keys.fold.js';

/** The certificate in force. */
export interface CertificateInForce {
  readonly jws: string;
  readonly digest: string;
  readonly claims: HostCertificateClaims;
  /** Of the vendor's intermediate that signed it, where it was not the root. */
  readonly intermediate?: string;
}

/** The host key that was installed last, as far as the ledger knows it. */
export interface InstalledHostKey {
  readonly keyId: string;
  readonly keyEnding: string;
  /** The vendor's signed policies, from which the certificate is rebuilt. */
  readonly policies: string;
  readonly policiesDigest: string;
}

/** What the vendor took back. */
export interface Revocations {
  readonly sequence: number;
  readonly list: string;
  readonly certificates: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** What is known of a host before and after its activation. */
interface Prepared {
  readonly installed: InstalledHostKey | null;
  readonly revocations: Revocations | null;
}

/** A host as its ledger knows it. Every certificate it ever used stays, so that an old decision can be signed again with its own chain. */
export type HostState =
  | (Prepared & { readonly status: 'not-activated' })
  | (Prepared & {
      readonly status: 'active' | 'retired';
      readonly host: string;
      readonly certificate: CertificateInForce;
      readonly certificates: ReadonlyMap<string, CertificateInForce>;
      readonly keys: SigningKeys;
    });

export type ActivatedHost = Exclude<HostState, { readonly status: 'not-activated' }>;

/** What a fold of a host reads whole. */
export const hostEventTypes = typesReadBy('host');

const isRead = readBy('host');

const activated = (state: HostState, { data }: EventOf<'HostActivated'>): HostState => {
  const { intermediate } = data;
  const certificate = { jws: data.certificate, digest: data.certificateDigest, claims: data.claims, ...(intermediate === undefined ? {} : { intermediate }) };
  const { installed, revocations } = state;
  const known = state.status === 'not-activated' ? [] : state.certificates;
  const keys = state.status === 'not-activated' ? keysOf(certificate.claims) : certified(state.keys, { before: state.certificate.claims, now: certificate.claims });
  return { status: 'active', installed, revocations, host: data.host, certificate, certificates: new Map([...known, [certificate.digest, certificate]]), keys };
};

const withKeys = (state: HostState, change: (keys: SigningKeys) => SigningKeys): HostState => (state.status === 'not-activated' ? state : { ...state, keys: change(state.keys) });

export const hostFold: Fold<HostState, DomainEvent> = {
  initialState: () => ({ status: 'not-activated', installed: null, revocations: null }),
  evolve: (state, event) => {
    if (!isRead(event)) return state;
    switch (event.type) {
      case 'HostActivated':
        return activated(state, event);
      case 'HostRetired':
        return state.status === 'not-activated' ? state : { ...state, status: 'retired' };
      case 'HostKeyInstalled':
        return { ...state, installed: event.data };
      case 'RevocationListInstalled': {
        const { sequence, list, certificates, keys } = event.data;
        return { ...state, revocations: { sequence, list, certificates: new Set(certificates), keys: new Set(keys) } };
      }
      case 'SigningKeyAnnounced':
        return withKeys(state, (keys) => announced(keys, event));
      case 'SigningKeyChanged':
        return withKeys(state, (keys) => changed(keys, event));
      default:
        return event satisfies never;
    }
  },
};
