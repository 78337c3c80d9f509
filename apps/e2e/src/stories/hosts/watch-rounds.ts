import assert from 'node:assert/strict';
import type { CloudEvent } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import type { Happened } from '../../fleet/fleet-life.js';
import { DAY_MS } from '../../fleet/fleet-life.js';
import { outcomesByRequest, requestKeyOf, typeOf } from '../../ledger/audit-ledger.js';

/** Half the lease: so long a host may fail before its machines forget it. */
const PATIENCE_MS = 90 * DAY_MS;
const WINDOW_MS = 30 * DAY_MS;
/** What the SDK gives a host that says nothing; a dead one costs its machines nothing near it. */
const SILENCE_MS = 10_000;

interface Decided {
  readonly url: string;
  readonly machine: string;
  readonly requestId: string;
  readonly atMs: number;
  /** What the host's ledger must say of it. */
  readonly type: string;
}

export interface WatchRounds {
  /** From now on this host is gone, or is back. */
  gone(url: string): void;
  back(url: string): void;
  /** Holds each round against the rule: the remembered host first, and when it is gone another one at once. */
  watch(happened: readonly Happened[]): void;
  /** Machines that asked this host within 30 days: what it must count. */
  countAt(url: string): number;
  /** Every decision that its machines were told stands in the host's ledger, as it must be decided there, and no other does. */
  checkLedger(url: string, events: readonly CloudEvent[]): void;
  /** Rounds in which the remembered host was gone, and of these those decided by another one as an activation of its own. */
  standIns(): { readonly rounds: number; readonly activations: number; readonly slowestMs: number };
}

/** @param ids of the hosts, by address */
export const watchRounds = (ids: ReadonlyMap<string, string>, clock: Clock): WatchRounds => {
  const absent = new Set<string>();
  const decided: Decided[] = [];
  const failingSince = new Map<string, number>();
  const standIns = { rounds: 0, activations: 0, slowestMs: 0 };

  /** The lease of another host is no lease of this one: it decides an activation. */
  const typeIn = (url: string, { wish, outcome }: Happened['contact']): string => {
    const here = wish.kind === 'renewal' && wish.lease?.host === ids.get(url);
    if (outcome.reply.type === 'granted') return here ? 'ActivationRenewed' : 'ActivationGranted';
    return here ? 'RenewalDeferred' : 'ActivationDeferred';
  };

  const checkAsked = ({ machine, contact: { outcome }, remembered }: Happened): void => {
    for (const { host, detail } of outcome.failed) assert.ok(absent.has(host), `${machine.name} was failed by ${host}, which is there: ${detail}`);
    if (remembered === null) return;
    if (absent.has(remembered)) assert.equal(outcome.failed[0]?.host, remembered, `${machine.name} asked the host first that it remembers`);
    else assert.equal(outcome.host, remembered, `${machine.name} was served by the host that it remembers`);
  };

  const checkRemembered = ({ machine, contact: { outcome, state, atMs }, remembered }: Happened): void => {
    const { id, name } = machine;
    if (remembered === null || !absent.has(remembered)) {
      failingSince.delete(id);
      assert.equal(state.host.remembered, outcome.host, `${name} remembers who served it`);
      return;
    }
    const sinceMs = failingSince.get(id) ?? atMs;
    failingSince.set(id, sinceMs);
    const lost = atMs - sinceMs >= PATIENCE_MS;
    assert.equal(state.host.remembered, lost ? outcome.host : remembered, `${name}, failed for ${(atMs - sinceMs) / DAY_MS} days`);
  };

  const watchOne = (one: Happened): void => {
    const { machine, contact, remembered, tookMs } = one;
    const { host, reply } = contact.outcome;
    assert.ok(host !== null && (reply.type === 'granted' || reply.type === 'deferred'), `${machine.name} was served: ${JSON.stringify(contact.outcome)}`);
    checkAsked(one);
    checkRemembered(one);
    const type = typeIn(host, contact);
    decided.push({ url: host, machine: machine.id, requestId: contact.wish.requestId, atMs: contact.atMs, type });
    if (remembered === null || !absent.has(remembered)) return;
    assert.ok(tookMs < SILENCE_MS, `${machine.name} waited ${tookMs} ms`);
    standIns.rounds += 1;
    standIns.slowestMs = Math.max(standIns.slowestMs, tookMs);
    if (type.startsWith('Activation') && type !== 'ActivationRenewed') standIns.activations += 1;
  };

  return {
    gone: (url) => void absent.add(url),
    back: (url) => void absent.delete(url),
    watch: (happened) => happened.forEach(watchOne),
    countAt: (url) => new Set(decided.filter((one) => one.url === url && one.atMs > clock.nowMs() - WINDOW_MS).map(({ machine }) => machine)).size,
    checkLedger: (url, events) => {
      const outcomes = outcomesByRequest(events);
      const here = decided.filter((one) => one.url === url);
      for (const { machine, requestId, type } of here) {
        const event = outcomes.get(requestKeyOf({ subject: machine, requestid: requestId }));
        assert.equal(event === undefined ? 'nothing' : typeOf(event), type, `what ${url} recorded of request ${requestId}`);
      }
      assert.equal(outcomes.size, here.length, `${url} decided what its machines were told, and nothing else`);
    },
    standIns: () => standIns,
  };
};
