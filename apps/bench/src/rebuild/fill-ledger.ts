import { createHash } from 'node:crypto';
import type { DomainEvent } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { decideActivation, hostFold } from '@muster/domain';
import type { EventStore, Head, NewEvent } from '@muster/event-store';
import { createPostgresEventStore } from '@muster/event-store';
import { systemClock } from '@muster/kernel';
import { seededDraws } from '@muster/testing';
import { aRequest } from '../append/domain-events.js';

/** The ledger that a host keeps unless told otherwise. */
export const LEDGER = 'main';

/** As many as the store takes in one statement. */
const DECISIONS_PER_BATCH = 2048;

/** An organisation of 100,000 machines in a ledger of a million events: each asked five times. */
const EVENTS_PER_MACHINE = 10;

export interface FillOptions {
  readonly url: string;
  /** How long the ledger is to be; decisions are pairs of events, so it may end one short. */
  readonly events: number;
  readonly onProgress: (position: number) => void;
}

const machineId = (index: number): string => createHash('sha256').update(`machine ${index}`).digest('base64url');

const hostOf = async (store: EventStore): Promise<HostState> => {
  const recorded = await store.read({ ledger: LEDGER, after: 0, limit: 10, types: ['HostActivated'] });
  const state = recorded.map(decodeBody).reduce(hostFold.evolve, hostFold.initialState());
  if (state.status !== 'active') throw new Error('the ledger names no host: start one on it first');
  return state;
};

const asNewEvents = (events: readonly DomainEvent[], { machine, requestId }: { readonly machine: string; readonly requestId: string }): readonly NewEvent[] =>
  events.map((event, nth) => ({ event, actor: `machine:${machine}`, requestId, causedByPrevious: nth > 0 }));

/**
 * Adds decisions to a host's ledger, made by the product's rule and written through the store's own append, so that every row is what the
 * product would have written; only the look-up table of request ids stays empty, which neither side of the comparison reads.
 * Answers where the ledger ends now.
 */
export const fillLedger = async ({ url, events, onProgress }: FillOptions): Promise<number> => {
  const store = createPostgresEventStore({ url, clock: systemClock, applicationName: 'muster-bench-fill' });
  const draws = seededDraws('a ledger to rebuild');
  const machines = Math.ceil(events / EVENTS_PER_MACHINE);
  let decided = 0;

  const decideOne = (host: HostState, head: Head, nowMs: number): readonly NewEvent[] => {
    const request = { ...aRequest(), machine: machineId(decided % machines) };
    decided += 1;
    const counts = { physical: Math.min(decided, machines), virtual: 0 };
    const decision = decideActivation(request, host, { head: head.position, nowMs, clockMs: nowMs, counts, draws: { leaseId: draws.uuid(), spread: draws.unit() } });
    if (decision.status === 'rejected') throw new Error(decision.detail);
    return asNewEvents(decision.events, request);
  };

  try {
    const host = await hostOf(store);
    let head = await store.head(LEDGER);
    while (head.position + 1 < events) {
      const expectedHead = head;
      const nowMs = systemClock.nowMs();
      const recordedAtMs = Math.max(expectedHead.recordedAtMs, nowMs);
      const decisions = Math.min(DECISIONS_PER_BATCH, Math.floor((events - expectedHead.position) / 2));
      const batch = Array.from({ length: decisions }, () => decideOne(host, expectedHead, recordedAtMs)).flat();
      const result = await store.append({ ledger: LEDGER, expectedHead, recordedAtMs, nowMs, events: batch, requests: [], personal: [] });
      if (result.outcome !== 'appended') throw new Error('somebody else wrote to the ledger');
      head = result.head;
      onProgress(head.position);
    }
    return head.position;
  } finally {
    await store.close();
  }
};
