import assert from 'node:assert/strict';
import type { HostAddress, VolumeContact } from '@muster/client';
import type { ClockControl } from '@muster/devstack';
import { DAY_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import type { LifeMachine } from './life-machine.js';

export const DAY_MS = DAY_SECONDS * SECOND_MS;

/** S16: renewed at the latest on the seventh day of 180. The real seconds that a step takes are not the machine's fault. */
const HEALTHY_MS_MIN = 173 * DAY_MS - MINUTE_SECONDS * SECOND_MS;
/** Half the lease: nothing that a host says or fails to say lets a machine that is on come below it. */
const RESERVE_MS = 90 * DAY_MS;
/** A machine that is asked to come back at once again and again would hold the clock. */
const ROUNDS_AT_ONE_MOMENT_MAX = 200;

export interface Happened {
  readonly machine: LifeMachine;
  readonly contact: VolumeContact;
  /** The host that the machine kept to before. */
  readonly remembered: HostAddress | null;
  /** In real time. */
  readonly tookMs: number;
}

export interface FleetLife {
  /** Lets time pass up to a moment: the clock goes from one machine's due moment to the next, and each does what it means to. */
  until(atMs: number): Promise<readonly Happened[]>;
  /** Moves to the moment so many days after the beginning. */
  untilDay(day: number): Promise<readonly Happened[]>;
  /** Least that was left of the lease of any machine that could reach the host at its moment and was granted what it asked for. */
  healthyDaysMin(): number;
  /** The same of all machines that came to renew, those that were deferred, found nobody or were sent away among them. */
  daysMin(): number;
  /** Machines that were told to come back on another day, each time. */
  sentAway(): number;
  /** Machines seen in the last 30 days, as anybody would count them who watched. */
  seenLately(): number;
  contacts(): number;
}

const WINDOW_MS = 30 * DAY_MS;

/** Late, with most of its lease left, and told to come back on one of the following days. */
export const isSentAway = ({ outcome: { reply } }: VolumeContact): boolean => reply.type === 'busy' && reply.code === 'overloaded';

export const fleetLife = (machines: readonly LifeMachine[], clock: ClockControl): FleetLife => {
  const bornMs = clock.nowMs();
  let healthyMsMin = Number.POSITIVE_INFINITY;
  let msMin = Number.POSITIVE_INFINITY;
  let contacts = 0;
  let sentAway = 0;

  const act = async (machine: LifeMachine): Promise<readonly Happened[]> => {
    const [wasOnTime, lease] = [machine.onTime, machine.lease()];
    const leftMs = (lease?.expiresAtMs ?? Number.POSITIVE_INFINITY) - clock.nowMs();
    const remembered = machine.remembered();
    const startedAtMs = performance.now();
    const contact = await machine.tick();
    if (contact === undefined) return [];
    contacts += 1;
    if (isSentAway(contact)) sentAway += 1;
    if (contact.wish.kind === 'renewal') {
      assert.ok(leftMs >= RESERVE_MS, `${machine.name} had ${leftMs / DAY_MS} days left`);
      msMin = Math.min(msMin, leftMs);
    }
    if (wasOnTime) {
      assert.ok(leftMs >= HEALTHY_MS_MIN, `${machine.name} had ${leftMs / DAY_MS} days left when its moment came`);
      healthyMsMin = Math.min(healthyMsMin, leftMs);
    }
    return [{ machine, contact, remembered, tookMs: performance.now() - startedAtMs }];
  };

  const until = async (atMs: number): Promise<readonly Happened[]> => {
    const happened: Happened[] = [];
    for (let atOnce = 0; ; ) {
      const due = machines.filter(({ on }) => on).flatMap((machine) => ({ machine, dueMs: machine.dueMs() ?? Number.POSITIVE_INFINITY }));
      const nextMs = Math.min(atMs, ...due.map(({ dueMs }) => dueMs));
      const nowMs = clock.nowMs();
      atOnce = nextMs > nowMs ? 0 : atOnce + 1;
      assert.ok(atOnce < ROUNDS_AT_ONE_MOMENT_MAX, 'a machine asks at one moment without end');
      clock.advance(Math.max(0, nextMs - nowMs) / SECOND_MS);
      const ready = due.filter(({ dueMs }) => dueMs <= Math.min(atMs, clock.nowMs()));
      if (ready.length === 0) return happened;
      happened.push(...(await Promise.all(ready.map(({ machine }) => act(machine)))).flat());
    }
  };

  return {
    until,
    untilDay: (day) => until(bornMs + day * DAY_MS),
    healthyDaysMin: () => healthyMsMin / DAY_MS,
    daysMin: () => msMin / DAY_MS,
    sentAway: () => sentAway,
    seenLately: () => machines.filter(({ lastSeenMs }) => lastSeenMs !== undefined && lastSeenMs > clock.nowMs() - WINDOW_MS).length,
    contacts: () => contacts,
  };
};
