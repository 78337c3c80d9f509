import assert from 'node:assert/strict';
import type { VolumeContact } from '@muster/client';
import type { Clock } from '@muster/kernel';
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import type { FleetLife, Happened } from '../../fleet/fleet-life.js';
import { DAY_MS, isSentAway } from '../../fleet/fleet-life.js';
import type { LifeMachine } from '../../fleet/life-machine.js';

const HOUR_MS = HOUR_SECONDS * SECOND_MS;

/** A machine without an answer asks every two hours. */
const SERVED_HOURS = 3;
/** Sent away once, to one of three following days and a quarter of a day on it. */
const SENT_AWAY_DAYS_MAX = 3.25;
const CAUGHT_UP_DAYS = 4;
/** A host sends nobody away before it has renewed so many within an hour, which it counts to the minute. */
const RENEWED_AN_HOUR_MIN = 10;
const COUNTED_HOUR_MS = HOUR_MS + 2 * MINUTE_SECONDS * SECOND_MS;

const isRenewed = ({ wish, outcome }: VolumeContact): boolean => wish.kind === 'renewal' && outcome.reply.type === 'granted';

/** Nobody is sent away without need, nor for longer than was promised. */
const checkSentAway = (contact: VolumeContact, all: readonly Happened[]): void => {
  const { atMs, wish, outcome, state } = contact;
  const renewed = all.filter((other) => isRenewed(other.contact) && Math.abs(atMs - other.contact.atMs) <= COUNTED_HOUR_MS).length;
  assert.ok(renewed >= RENEWED_AN_HOUR_MIN, `sent away when only ${renewed} had been renewed around that hour`);
  const awaySeconds = 'retryAfterSeconds' in outcome.reply ? (outcome.reply.retryAfterSeconds ?? 0) : 0;
  assert.ok(awaySeconds >= DAY_SECONDS && awaySeconds <= SENT_AWAY_DAYS_MAX * DAY_SECONDS, `sent away for ${awaySeconds / DAY_SECONDS} days`);
  assert.equal(state.wish?.requestId, wish.requestId, 'it comes back with the same request');
};

/**
 * After a time without leases: each machine has its own again within hours, or, beyond ten of them an hour, is sent away once and has it within days.
 * Answers how many were sent away.
 */
export const catchUp = async (machines: Iterable<LifeMachine>, { life, clock }: { readonly life: FleetLife; readonly clock: Clock }): Promise<number> => {
  const late = [...machines];
  const fromMs = clock.nowMs();
  const first = await life.until(fromMs + SERVED_HOURS * HOUR_MS);
  const waiting = late.filter(({ onTime }) => !onTime);
  const sentAway = new Set(first.filter(({ contact }) => isSentAway(contact)).map(({ machine }) => machine));
  for (const machine of waiting) assert.ok(sentAway.has(machine), `${machine.name} was neither served within ${SERVED_HOURS} hours nor sent away`);

  const happened = [...first, ...(await life.until(fromMs + CAUGHT_UP_DAYS * DAY_MS))];
  for (const { machine, contact } of happened) {
    assert.ok(['granted', 'busy'].includes(contact.outcome.reply.type), `${machine.name}: ${contact.outcome.reply.type}`);
    if (isSentAway(contact)) checkSentAway(contact, happened);
  }
  for (const machine of late) assert.ok(machine.onTime, `${machine.name} has its new lease after ${CAUGHT_UP_DAYS} days`);
  return sentAway.size;
};
