import type { DomainEvent, EventOf, HardwareEvidence, VendorCatalogue } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import { readBy, typesReadBy } from '../folds/readers.js';
import type { Table } from './table.js';
import { overlay } from './table.js';

/** A host that was activated with a key. */
export interface ActivatedHostUse {
  readonly host: string;
  readonly activations: number;
  readonly lastSerial: number;
  readonly certificateId: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** What is known of a key that was issued; the key itself is not. */
interface IssuedKey {
  readonly keyId: string;
  readonly keyEnding: string;
  readonly organisation: string;
  readonly issuedAtMs: number;
  readonly revoked: boolean;
}

export interface HostKey extends IssuedKey {
  readonly coversGroup: string;
  readonly hostsMax: number;
  readonly activationsPerHostMax: number;
  readonly lastSerial: number;
  /** At most `hostsMax` of them; replaced, never changed. */
  readonly hosts: ReadonlyMap<string, ActivatedHostUse>;
}

export interface MultipleActivationKey extends IssuedKey {
  readonly group: string;
  readonly allowance: number;
  readonly used: number;
}

/** What the vendor does not stand by any more; the whole of it is signed as the list of this sequence. */
export interface Revocations {
  readonly sequence: number;
  readonly revokedAtMs: number;
  readonly certificates: readonly string[];
  readonly keys: readonly string[];
}

export interface AdoptedCatalogue {
  readonly digest: string;
  readonly catalogue: VendorCatalogue;
  readonly adoptedAtMs: number;
}

/**
 * The vendor's side as its ledger has it. Changed in place, because an allowance may be millions of machines; a decision that rests on others which are
 * not recorded yet is made on a draft.
 */
export interface AuthorityState {
  catalogue: AdoptedCatalogue | null;
  revocations: Revocations;
  readonly hostKeys: Table<HostKey>;
  readonly multipleActivationKeys: Table<MultipleActivationKey>;
  /** Ids of the host certificates that were issued. */
  readonly certificates: Table<string>;
  /** By key, machine and product: the hardware that an activation was last drawn for. */
  readonly drawn: Table<HardwareEvidence>;
  /** By key and whoever asked: for which reason it was refused the last time, until it is granted. */
  readonly refused: Table<string | null>;
}

/** An event, and when it was recorded. */
export interface DatedEvent {
  readonly recordedAtMs: number;
  readonly event: DomainEvent;
}

export const initialAuthority = (): AuthorityState => ({
  catalogue: null,
  revocations: { sequence: 0, revokedAtMs: 0, certificates: [], keys: [] },
  hostKeys: new Map(),
  multipleActivationKeys: new Map(),
  certificates: new Map(),
  drawn: new Map(),
  refused: new Map(),
});

/** A state to decide on, in which the events of earlier decisions of the same batch can be put. The original stays as it is. */
export const draftOf = (state: AuthorityState): AuthorityState => ({
  ...state,
  hostKeys: overlay(state.hostKeys),
  multipleActivationKeys: overlay(state.multipleActivationKeys),
  certificates: overlay(state.certificates),
  drawn: overlay(state.drawn),
  refused: overlay(state.refused),
});

export const drawnBy = ({ keyId, machine, product }: { readonly keyId: string; readonly machine: string; readonly product: string }): string => `${keyId} ${machine} ${product}`;

export const askedBy = ({ keyId, host }: { readonly keyId: string; readonly host: string }): string => `${keyId} ${host}`;

const change = <Entry>(table: Table<Entry>, key: string, how: (entry: Entry) => Entry): void => {
  const entry = table.get(key);
  if (entry !== undefined) table.set(key, how(entry));
};

const withHost = (key: HostKey, { host, serial, certificateId, issuedAt, validDays, activation }: EventOf<'HostCertificateIssued'>['data']): HostKey => {
  const use = { host, activations: activation, lastSerial: serial, certificateId, expiresAt: issuedAt + validDays * DAY_SECONDS };
  return { ...key, lastSerial: Math.max(key.lastSerial, serial), hosts: new Map(key.hosts).set(host, use) };
};

const issueKey = (state: AuthorityState, { type, data }: EventOf<'HostKeyIssued' | 'MultipleActivationKeyIssued'>, issuedAtMs: number): void => {
  const issued = { issuedAtMs, revoked: false };
  if (type === 'HostKeyIssued') state.hostKeys.set(data.keyId, { ...data, ...issued, lastSerial: 0, hosts: new Map() });
  else state.multipleActivationKeys.set(data.keyId, { ...data, ...issued, used: 0 });
};

const revoke = ({ revocations }: AuthorityState, { sequence, certificate, key }: EventOf<'VendorRevocation'>['data'], revokedAtMs: number): Revocations => ({
  sequence,
  revokedAtMs,
  certificates: certificate === null ? revocations.certificates : [...revocations.certificates, certificate],
  keys: key === null ? revocations.keys : [...revocations.keys, key],
});

const isRead = readBy('authority');

/** Applies an event in place; what does not concern the authority changes nothing. */
export const applyToAuthority = (state: AuthorityState, { event, recordedAtMs }: DatedEvent): AuthorityState => {
  if (!isRead(event)) return state;
  switch (event.type) {
    case 'CatalogueAdopted':
      state.catalogue = { ...event.data, adoptedAtMs: recordedAtMs };
      break;
    case 'HostKeyIssued':
    case 'MultipleActivationKeyIssued':
      issueKey(state, event, recordedAtMs);
      break;
    case 'HostKeyRaised':
      change(state.hostKeys, event.data.keyId, (key) => ({ ...key, ...event.data }));
      break;
    case 'MultipleActivationKeyRaised':
      change(state.multipleActivationKeys, event.data.keyId, (key) => ({ ...key, allowance: event.data.allowance }));
      break;
    case 'ActivationKeyRevoked':
      change(state.hostKeys, event.data.keyId, (key) => ({ ...key, revoked: true }));
      change(state.multipleActivationKeys, event.data.keyId, (key) => ({ ...key, revoked: true }));
      break;
    case 'HostCertificateIssued':
      change(state.hostKeys, event.data.keyId, (key) => withHost(key, event.data));
      state.certificates.set(event.data.certificateId, event.data.host);
      state.refused.set(askedBy(event.data), null);
      break;
    case 'HostActivationRefused':
      state.refused.set(askedBy(event.data), event.data.reason);
      break;
    case 'MultipleActivationRefused':
      state.refused.set(drawnBy(event.data), event.data.reason);
      break;
    case 'MultipleActivationKeyUsed':
      state.refused.set(drawnBy(event.data), null);
      if (!event.data.drawn) break;
      change(state.multipleActivationKeys, event.data.keyId, (key) => ({ ...key, used: key.used + 1 }));
      state.drawn.set(drawnBy(event.data), event.data.hardware);
      break;
    case 'VendorRevocation':
      state.revocations = revoke(state, event.data, recordedAtMs);
      break;
    default:
      event satisfies never;
  }
  return state;
};

/** The types that {@link applyToAuthority} makes something of. */
export const authorityEventTypes = typesReadBy('authority');
