import { createHash } from 'node:crypto';
import type { DomainEvent } from '@muster/contracts';
import { Problem, toInstant } from '@muster/kernel';
import { anEvent, seededDraws } from '@muster/testing';
import type { EventStore, KnownRequest, NewEvent } from '../event-store.port.js';
import type { Fleet } from '../follower/fleet.fixture.js';
import { fleetFold, machineId } from '../follower/fleet.fixture.js';
import type { Follower } from '../follower/follower.types.js';
import { stateAsOf } from '../follower/state-as-of.js';
import type { DecidedRound, Decision, WriteRound } from './writer.types.js';

/** A request in small: a machine asks, and is granted at the third. */
export interface Ask {
  readonly machine: number;
  /** Two asks of one machine with the same number are one request. */
  readonly request: number;
  readonly virtual?: boolean;
  /** Refused without a trace. */
  readonly unknownProduct?: boolean;
}

export interface AskAnswer {
  readonly outcome: string;
  readonly position: number;
  readonly count: number | null;
}

const THRESHOLD = 3;
const CATCH_UP_MS = 1_000;

export const requestIdOf = ({ machine, request }: Ask): string => seededDraws(`${machine}/${request}`).uuid();

export const identify = (ask: Ask): { machine: string; requestId: string; contentDigest: string } => ({
  machine: machineId(ask.machine),
  requestId: requestIdOf(ask),
  contentDigest: createHash('sha256').update(String(ask.virtual ?? false)).digest('base64url'),
});

const answerOf = (event: DomainEvent, position: number): AskAnswer => ({
  outcome: event.type,
  position,
  count: event.type === 'ActivationGranted' || event.type === 'ActivationDeferred' ? event.data.basis.count : null,
});

const again = (store: EventStore, ledger: string, known: KnownRequest): Decision<AskAnswer> => ({
  kind: 'answer',
  answer: async () => {
    const [recorded] = await store.readAt(ledger, [known.position]);
    return answerOf({ type: recorded!.type, data: JSON.parse(Buffer.from(recorded!.body).toString('utf8')) } as DomainEvent, known.position);
  },
});

const outcomeOf = (ask: Ask, fleet: Fleet, { head, nowMs }: WriteRound<Ask>): DomainEvent => {
  const subject = { machine: machineId(ask.machine), virtual: ask.virtual ?? false };
  const count = [...fleet.machines.values()].filter((kind) => kind === 'physical').length;
  const basis = { head: head.position, now: toInstant(nowMs), rulesVersion: 1, certificate: machineId(fleet.certificates.length) };
  if (fleet.retired) return anEvent('ActivationRefused', { ...subject, reason: 'host-retired', basis });
  return count < THRESHOLD
    ? anEvent('ActivationDeferred', { ...subject, basis: { ...basis, count, threshold: THRESHOLD, draws: { spread: 0.5 } } })
    : anEvent('ActivationGranted', { ...subject, basis: { ...basis, count, threshold: THRESHOLD, draws: { leaseId: '00000000-0000-4000-8000-00000000001e', spread: 0 } } });
};

const record = (ask: Ask, fleet: Fleet, round: WriteRound<Ask>): Decision<AskAnswer> => {
  const machine = machineId(ask.machine);
  const requested = anEvent('ActivationRequested', { machine, virtual: ask.virtual ?? false });
  if (!fleet.retired) {
    fleet.machines.delete(machine);
    fleet.machines.set(machine, ask.virtual === true ? 'virtual' : 'physical');
  }
  const outcome = outcomeOf(ask, fleet, round);
  const common = { actor: `machine:${machine}`, requestId: requestIdOf(ask) };
  const events: NewEvent[] = [
    { ...common, event: requested, causedByPrevious: false },
    { ...common, event: outcome, causedByPrevious: true },
  ];
  return {
    kind: 'record',
    events,
    outcomeIndex: 1,
    personal: { machine, requestId: requestIdOf(ask), hostname: `ws-${ask.machine}`, address: null },
    answer: (recorded) => answerOf(outcome, recorded[1]!.position),
  };
};

/** The fleet as of exactly a position, in a copy to decide in; `moved` when it is past it. */
export type FleetAt = (position: number) => Promise<Fleet | 'moved'>;

export const fleetFromStore =
  (store: EventStore, ledger: string): FleetAt =>
  (position) =>
    stateAsOf({ store, ledger, fold: fleetFold, position });

export const fleetFromFollower =
  (follower: Follower<Fleet>): FleetAt =>
  async (position) => {
    await follower.catchUpTo(position, CATCH_UP_MS);
    return follower.position === position ? { ...follower.state, machines: new Map(follower.state.machines) } : 'moved';
  };

/** Decides a round from the state as of exactly its head; each ask sees the ones before it. */
export const decideAsks =
  (store: EventStore, fleetAt: FleetAt) =>
  async (round: WriteRound<Ask>): Promise<DecidedRound<AskAnswer>> => {
    const fleet = await fleetAt(round.head.position);
    if (fleet === 'moved') return { status: 'moved' };
    const decisions = round.commands.map(({ command, known }): Decision<AskAnswer> => {
      if (known !== null) {
        const same = known.contentDigest === identify(command).contentDigest;
        return same ? again(store, round.ledger, known) : { kind: 'refuse', problem: new Problem('request-id-conflict', 'other content') };
      }
      if (command.unknownProduct === true) return { kind: 'refuse', problem: new Problem('unknown-product', 'no such product') };
      return record(command, fleet, round);
    });
    return { status: 'decided', decisions };
  };
