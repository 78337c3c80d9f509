import { createHash } from 'node:crypto';
import type { DomainEvent, RecordedEvent } from '@muster/contracts';
import { seenCodes } from '@muster/contracts';
import { anEvent, fixedClock } from '@muster/testing';
import type { EventStore } from '../event-store.port.js';
import { createInMemoryEventStore } from '../in-memory/in-memory.event-store.js';
import type { FollowedFold } from './followed-fold.js';

export const LEDGER = 'acme';

/** Both sides of the clock rule stand still. */
export const aStore = (): EventStore => createInMemoryEventStore({ clock: fixedClock(), storeClock: fixedClock() });

export const machineId = (index: number): string => createHash('sha256').update(`machine ${index}`).digest('base64url');

export const seen = (machine: number, virtual = false): DomainEvent => anEvent('ActivationDeferred', { machine: machineId(machine), virtual });

export const machineRetired = (machine: number): DomainEvent => anEvent('MachineRetired', { machine: machineId(machine) });

export const hostRetired: DomainEvent = anEvent('HostRetired');

/** Any history of a small fleet, from numbers that a property test draws: mostly seen machines, sometimes a retirement or a certificate. */
export const anyEvent = (drawn: number): DomainEvent => {
  switch (drawn % 9) {
    case 0:
      return machineRetired(drawn % 5);
    case 1:
      return anEvent('HostActivated');
    case 2:
      return hostRetired;
    default:
      return seen(drawn % 5, drawn % 2 === 0);
  }
};

/** Appends without a writer. */
export const append = async (store: EventStore, events: readonly DomainEvent[], nowMs = fixedClock().nowMs()): Promise<readonly RecordedEvent[]> => {
  const expectedHead = await store.head(LEDGER);
  const result = await store.append({
    ledger: LEDGER,
    expectedHead,
    recordedAtMs: Math.max(expectedHead.recordedAtMs, nowMs),
    nowMs,
    events: events.map((event) => ({ event, actor: 'service:test', requestId: null, causedByPrevious: false })),
    requests: [],
    personal: [],
  });
  if (result.outcome !== 'appended') throw new Error('somebody else wrote to this test');
  return result.events;
};

/** Which machines are in the fleet, and whether the host still serves them: small, but order matters everywhere in it. */
export interface Fleet {
  machines: Map<string, 'physical' | 'virtual'>;
  certificates: string[];
  retired: boolean;
  /** Every position that reached the fold. */
  applied: number[];
}

export const fleetFold: FollowedFold<Fleet> & Required<Pick<FollowedFold<Fleet>, 'applyRow' | 'snapshots'>> = {
  name: 'fleet',
  initialState: () => ({ machines: new Map(), certificates: [], retired: false, applied: [] }),
  wholeTypes: ['HostActivated', 'HostRetired'],
  applyEvent: (state, { row, event }) => {
    state.applied.push(row.position);
    if (event.type === 'HostActivated') state.certificates.push(event.data.claims.jti);
    state.retired = event.type === 'HostRetired';
    return state;
  },
  applyRow: (state, { position, seen: code, machine }) => {
    state.applied.push(position);
    if (machine === null || code === seenCodes.nothing) return state;
    state.machines.delete(machine);
    if (code !== seenCodes.retired) state.machines.set(machine, code === seenCodes.seenPhysical ? 'physical' : 'virtual');
    return state;
  },
  snapshots: {
    version: 1,
    serialize: (state) => Buffer.from(JSON.stringify({ ...state, machines: [...state.machines] })),
    deserialize: (bytes) => {
      const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as Omit<Fleet, 'machines'> & { machines: [string, 'physical' | 'virtual'][] };
      return { ...stored, machines: new Map(stored.machines) };
    },
  },
};

/** Equal fleets give equal text, the order of the machines included. */
export const fleetText = (state: Fleet): string => Buffer.from(fleetFold.snapshots.serialize(state)).toString('utf8');

/** As {@link fleetFold}, read off the host's events alone. */
export const hostOnlyFold: FollowedFold<Fleet> = {
  name: 'host-only',
  initialState: fleetFold.initialState,
  wholeTypes: fleetFold.wholeTypes,
  applyEvent: fleetFold.applyEvent,
};

/** The store, with some of its methods replaced. */
export const intercepted = (store: EventStore, replaced: Partial<EventStore>): EventStore => ({ ...store, ...replaced });

/** The store, with replays that arrive in pieces: anything may happen between two of them. */
export const inPieces = (store: EventStore): EventStore =>
  intercepted(store, {
    replay: async ({ ledger, after, upTo }, onRow) => {
      for (let from = after; from < upTo; from += 2) await store.replay({ ledger, after: from, upTo: Math.min(from + 2, upTo) }, onRow);
    },
  });
