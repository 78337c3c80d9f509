import type { EventOf, VendorCatalogue } from '@muster/contracts';
import type { AuthorityDecision } from './authority.decision.js';
import { keyUnknown, record, rejected, unchanged } from './authority.decision.js';
import type { AuthorityState } from './authority.fold.js';
import type { Table } from './table.js';

/** The vendor that this authority signs for, by the certificate that it signs with. */
export interface VendorContext {
  readonly vendor: string;
}

export type AdoptCatalogue = EventOf<'CatalogueAdopted'>['data'];
export type IssueHostKey = EventOf<'HostKeyIssued'>['data'];
export type IssueMultipleActivationKey = EventOf<'MultipleActivationKeyIssued'>['data'];
export type RaiseMultipleActivationKey = EventOf<'MultipleActivationKeyRaised'>['data'];
export type RevokeActivationKey = EventOf<'ActivationKeyRevoked'>['data'];

/** What is left out stays. */
export interface RaiseHostKey {
  readonly keyId: string;
  readonly hostsMax?: number | undefined;
  readonly activationsPerHostMax?: number | undefined;
}

const listsGroup = ({ groups }: VendorCatalogue, name: string): boolean => groups.some((group) => group.name === name);

/** Groups that keys in use stand on: a catalogue without them would leave these keys without policies. */
const missingGroups = ({ hostKeys, multipleActivationKeys }: AuthorityState, catalogue: VendorCatalogue): readonly string[] => {
  const hosts = [...hostKeys.values()].filter(({ revoked }) => !revoked).map(({ coversGroup }) => coversGroup);
  const machines = [...multipleActivationKeys.values()].filter(({ revoked }) => !revoked).map(({ group }) => group);
  return [...new Set([...hosts, ...machines])].filter((group) => !listsGroup(catalogue, group)).sort();
};

/** The vendor's rules from here on. Certificates that were issued before keep theirs. */
export const decideCatalogue = ({ digest, catalogue }: AdoptCatalogue, state: AuthorityState, { vendor }: VendorContext): AuthorityDecision => {
  if (catalogue.vendor !== vendor) return rejected('catalogue-not-valid', `The catalogue is of vendor ${catalogue.vendor}; this authority signs for ${vendor}.`);
  if (state.catalogue?.digest === digest) return unchanged;
  const missing = missingGroups(state, catalogue);
  if (missing.length > 0) return rejected('catalogue-not-valid', `Keys that are in use cover ${missing.join(', ')}, which the catalogue does not list. Revoke these keys first, or keep the group.`);
  return record({ type: 'CatalogueAdopted', data: { digest, catalogue } });
};

const groupObjection = ({ catalogue }: AuthorityState, group: string): AuthorityDecision | undefined => {
  if (catalogue === null) return rejected('catalogue-not-valid', 'There is no catalogue in force yet: apply one first.');
  return listsGroup(catalogue.catalogue, group) ? undefined : rejected('catalogue-not-valid', `The catalogue in force lists no group ${group}.`);
};

export const decideHostKeyIssue = (order: IssueHostKey, state: AuthorityState): AuthorityDecision =>
  groupObjection(state, order.coversGroup) ?? record({ type: 'HostKeyIssued', data: order });

export const decideMultipleActivationKeyIssue = (order: IssueMultipleActivationKey, state: AuthorityState): AuthorityDecision =>
  groupObjection(state, order.group) ?? record({ type: 'MultipleActivationKeyIssued', data: order });

/** A limit below what was used already is allowed: it takes nothing back, and lets nothing more happen. */
export const decideHostKeyRaise = (order: RaiseHostKey, { hostKeys }: AuthorityState): AuthorityDecision => {
  const key = hostKeys.get(order.keyId);
  if (key === undefined) return keyUnknown();
  const { hostsMax = key.hostsMax, activationsPerHostMax = key.activationsPerHostMax } = order;
  if (hostsMax === key.hostsMax && activationsPerHostMax === key.activationsPerHostMax) return unchanged;
  return record({ type: 'HostKeyRaised', data: { keyId: key.keyId, hostsMax, activationsPerHostMax } });
};

export const decideMultipleActivationKeyRaise = ({ keyId, allowance }: RaiseMultipleActivationKey, { multipleActivationKeys }: AuthorityState): AuthorityDecision => {
  const key = multipleActivationKeys.get(keyId);
  if (key === undefined) return keyUnknown();
  return key.allowance === allowance ? unchanged : record({ type: 'MultipleActivationKeyRaised', data: { keyId, allowance } });
};

/** @param keys those of its kind */
export const decideKeyRevocation = ({ keyId, reason }: RevokeActivationKey, keys: Pick<Table<{ readonly revoked: boolean }>, 'get'>): AuthorityDecision => {
  const key = keys.get(keyId);
  if (key === undefined) return keyUnknown();
  return key.revoked ? unchanged : record({ type: 'ActivationKeyRevoked', data: { keyId, reason } });
};
