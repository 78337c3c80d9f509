import type { HostKeyEntry, MultipleActivationKeyEntry } from '@muster/contracts';
import { SECOND_MS, toInstant } from '@muster/kernel';
import type { AuthorityState, HostKey, MultipleActivationKey } from './authority.fold.js';

export const hostKeyEntry = ({ keyId, keyEnding, organisation, coversGroup, hostsMax, activationsPerHostMax, revoked, issuedAtMs, hosts }: HostKey): HostKeyEntry => ({
  ...{ keyId, keyEnding, organisation, coversGroup, hostsMax, activationsPerHostMax, revoked },
  issuedAt: toInstant(issuedAtMs),
  hosts: [...hosts.values()].map(({ expiresAt, ...use }) => ({ ...use, expiresAt: toInstant(expiresAt * SECOND_MS) })),
});

export const multipleActivationKeyEntry = (key: MultipleActivationKey): MultipleActivationKeyEntry => {
  const { keyId, keyEnding, organisation, group, allowance, used, revoked } = key;
  return { keyId, keyEnding, organisation, group, allowance, used, remaining: Math.max(0, allowance - used), revoked, issuedAt: toInstant(key.issuedAtMs) };
};

/** Every key with what is left of it, in the order in which they were issued. */
export const listKeys = ({ hostKeys, multipleActivationKeys }: AuthorityState) => ({
  hostKeys: [...hostKeys.values()].map(hostKeyEntry),
  multipleActivationKeys: [...multipleActivationKeys.values()].map(multipleActivationKeyEntry),
});
