import type { ActivatedHost, HostState } from './host.fold.js';
import type { HostSigningKey } from './signing-keys.fold.js';

/** Which key new decisions name. @throws Error for a host that was never activated: nothing is decided there */
export const signingKidOf = (host: HostState): string => {
  if (host.status === 'not-activated') throw new Error('a host that was never activated signs nothing');
  return host.keys.signing;
};

/**
 * The key that a recorded decision is to be signed with now: the one that it names while that may sign, which gives the same bytes again, and after its retry
 * period, or once it got out or the vendor took it back, the one that signs today.
 */
export const keyForRepeat = ({ keys, revocations }: ActivatedHost, kid: string, nowMs: number): HostSigningKey => {
  const named = keys.known.get(kid);
  const current = keys.known.get(keys.signing);
  if (current === undefined) throw new Error(`the ledger says that ${keys.signing} signs, and does not know it`);
  if (named === undefined) return current;
  if (named.kid === keys.signing) return named;
  const maySign = named.replaced !== null && !named.replaced.compromised && nowMs < named.replaced.repeatsUntilMs && revocations?.keys.has(kid) !== true;
  return maySign ? named : current;
};

/** Keys whose private half nobody needs any more. Never a host key: it vouches for the others, and asks for the next certificate. */
export const keysToForget = (host: HostState, nowMs: number): readonly string[] =>
  host.status === 'not-activated'
    ? []
    : [...host.keys.known.values()].filter(({ delegation, replaced }) => delegation !== null && replaced !== null && (replaced.compromised || nowMs >= replaced.repeatsUntilMs)).map(({ kid }) => kid);

/** Keys that verify something which may still be good, and those that soon will: what the host publishes. */
export const publishedKeys = (host: HostState, nowMs: number): readonly HostSigningKey[] => {
  if (host.status === 'not-activated') return [];
  const isTakenBack = (kid: string): boolean => host.revocations?.keys.has(kid) ?? false;
  return [...host.keys.known.values()].filter(({ kid, replaced }) => !isTakenBack(kid) && (replaced === null || (!replaced.compromised && nowMs < replaced.publishedUntilMs)));
};

/** Announced and not used yet, the oldest first. */
export const announcedKeys = (host: HostState): readonly HostSigningKey[] =>
  host.status === 'not-activated' ? [] : [...host.keys.known.values()].filter(({ kid, delegation, replaced }) => delegation !== null && replaced === null && kid !== host.keys.signing);
