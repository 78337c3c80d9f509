import type { EventOf } from '@muster/contracts';
import { PUBLISHED_KEYS_MAX_AGE_SECONDS } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { reject } from '../activation/screen-request.rule.js';
import type { HostActDecision } from './host-acts.decide.js';
import type { ActivatedHost, HostState } from './host.fold.js';
import { longestLeaseSeconds } from './signing-keys.fold.js';

/** A machine comes back after at most its retry interval; a day for those that are switched off at night. */
const RETRY_PERIOD_SECONDS_MIN = DAY_SECONDS;

/** A key that was announced and is not used is worth forgetting; more than these are a loop gone wrong. */
const ANNOUNCED_KEYS_MAX = 8;

/** A key for which the host key's word was verified. */
export interface VouchedKey {
  readonly kid: string;
  readonly x: string;
  readonly delegation: string;
  /** The host key that vouches. */
  readonly host: string;
}

/** When a key that was announced then may sign. */
export const usableAtMs = (announcedAtMs: number): number => announcedAtMs + PUBLISHED_KEYS_MAX_AGE_SECONDS * SECOND_MS;

const takenBack = (): HostActDecision => reject('signing-key-not-usable', 'The vendor revoked the key: nobody would believe what it signs.');

const isTakenBack = (kid: string, { revocations }: HostState): boolean => revocations?.keys.has(kid) === true;

const notActivated = (): HostActDecision => reject('host-not-activated', 'The host has no certificate from the vendor yet: its own key signs first.');

export const decideAnnounceKey = ({ kid, x, delegation, host: voucher }: VouchedKey, host: HostState, nowMs: number): HostActDecision => {
  if (host.status === 'not-activated') return notActivated();
  if (voucher !== host.host) return reject('signing-key-not-usable', `The key is vouched for by ${voucher}; this host is ${host.host}.`);
  if (isTakenBack(kid, host)) return takenBack();
  const known = host.keys.known.get(kid);
  if (known !== undefined) return known.replaced === null ? { status: 'known' } : reject('signing-key-not-usable', 'The key is not to be used any more: another one took its place.');
  const waiting = [...host.keys.known.values()].filter(({ announcedAtMs, replaced }) => announcedAtMs !== null && replaced === null).length;
  if (waiting > ANNOUNCED_KEYS_MAX) return reject('signing-key-not-usable', `${waiting} keys are announced and not used. Change to one of them.`);
  return { status: 'recorded', event: { type: 'SigningKeyAnnounced', data: { kid, key: x, delegation, announcedAt: toInstant(nowMs) } } };
};

const longestOf = (host: ActivatedHost, secondsOf: (claims: ActivatedHost['certificate']['claims']) => number): number => Math.max(...[...host.certificates.values()].map(({ claims }) => secondsOf(claims)));

const retryPeriodSeconds = (host: ActivatedHost): number =>
  Math.max(RETRY_PERIOD_SECONDS_MIN, longestOf(host, ({ products }) => Math.max(...products.map(({ retryAfterSeconds }) => retryAfterSeconds))));

const changeTo = (kid: string, reason: EventOf<'SigningKeyChanged'>['data']['reason'], host: ActivatedHost, nowMs: number): HostActDecision => {
  const until = (seconds: number): string => toInstant(nowMs + seconds * SECOND_MS);
  const [repeatsSeconds, publishedSeconds] = reason === 'compromise' ? [0, 0] : [retryPeriodSeconds(host), longestOf(host, longestLeaseSeconds)];
  return {
    status: 'recorded',
    event: {
      type: 'SigningKeyChanged',
      // A lease may be issued until now, and again by a repeat: with the times of the first.
      data: { kid, previous: host.keys.signing, reason, changedAt: toInstant(nowMs), repeatsUntil: until(repeatsSeconds), publishedUntil: until(publishedSeconds) },
    },
  };
};

/** Another key signs from here on: one that was announced before, long enough ago that every copy of the published keys has it, unless the key it replaces got out. */
export const decideChangeKey = ({ kid, reason }: Pick<EventOf<'SigningKeyChanged'>['data'], 'kid' | 'reason'>, host: HostState, nowMs: number): HostActDecision => {
  if (host.status === 'not-activated') return notActivated();
  if (kid === host.keys.signing) return { status: 'known' };
  if (isTakenBack(kid, host)) return takenBack();
  const key = host.keys.known.get(kid);
  if (key === undefined) return reject('signing-key-not-usable', 'The key was not announced.');
  if (key.replaced !== null || key.announcedAtMs === null) return reject('signing-key-not-usable', 'The key is not to be used any more: another one took its place.');
  if (reason === 'compromise' && host.keys.signing === host.host) {
    return reject('signing-key-not-usable', 'The host key itself signs, and vouches for every other one. If it got out, have the vendor revoke it and activate the host with a new one.');
  }
  const waitMs = reason === 'compromise' ? 0 : usableAtMs(key.announcedAtMs) - nowMs;
  if (waitMs > 0) {
    const retryAfterSeconds = Math.ceil(waitMs / SECOND_MS);
    return { ...reject('signing-key-not-usable', `The key was announced at ${toInstant(key.announcedAtMs)}: not every copy of the published keys has it yet.`), retryAfterSeconds };
  }
  return changeTo(kid, reason, host, nowMs);
};
