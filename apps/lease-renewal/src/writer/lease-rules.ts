import type { RecordedEvent } from '@muster/contracts';
import type { EndDecision } from '@muster/domain';
import { countingStandingOf, decideExpiries, decideForceRelease, decideRelease, decideRenewal, decideRetirement, screenRenewal } from '@muster/domain';
import type { Decision, WriteRound } from '@muster/event-store';
import type { DecisionContext, HostSigner, RoundRules } from '@muster/issuance';
import { answerRelease, answerRenewal, asNewEvents, refuse } from '@muster/issuance';
import type { LeaseView } from '../view/lease-view.fold.js';
import { commandsThatWait } from './commands-that-wait.js';
import type { ForceReleaseCommand, LeaseAnswer, LeaseCommand, ReleaseCommand, RenewCommand, RetireCommand } from './lease-commands.js';

/** What one commit takes; a command leaves at most two events. */
const ROUND_EVENTS_MAX = 512;
const COMMAND_EVENTS = 2;

/** However many renewals there are, expiries go on: a hundred thousand are recorded within minutes also on a busy host. */
const ROUND_EXPIRIES_MIN = 16;

const EXPIRY_ACTOR = 'service:lease-renewal';

type Context = DecisionContext<LeaseView>;
type Decided = Decision<LeaseAnswer>;

const decideRenewCommand = ({ request, hostname, address }: RenewCommand, context: Context & Parameters<typeof decideRenewal>[2], signer: HostSigner): Decided => {
  const decision = decideRenewal(request, context.state, { ...context, enrolled: context.state.enrolment.machines });
  if (decision.status === 'rejected') return refuse(decision);
  const { machine, requestId } = request;
  const { host } = context.state;
  return {
    kind: 'record',
    events: asNewEvents(decision.events, { actor: `machine:${machine}`, requestId }),
    outcomeIndex: 1,
    personal: { machine, requestId, hostname, address },
    answer: async ([, outcome]) => ({ kind: 'renewal', answer: await answerRenewal(outcome as RecordedEvent, { host, signer }) }),
  };
};

const recordEnd = (decision: EndDecision, by: { readonly actor: string; readonly requestId: string | null }, answer: (first: RecordedEvent) => LeaseAnswer): Decided =>
  decision.status === 'rejected'
    ? refuse(decision)
    : { kind: 'record', events: asNewEvents(decision.events, by), outcomeIndex: 0, answer: ([first]) => answer(first as RecordedEvent) };

const released = (first: RecordedEvent): LeaseAnswer => ({ kind: 'release', answer: answerRelease(first) });

const decideReleaseCommand = ({ request }: ReleaseCommand, context: Context): Decided =>
  recordEnd(decideRelease(request, context.state, context), { actor: `machine:${request.machine}`, requestId: request.requestId }, released);

const decideForceReleaseCommand = ({ order }: ForceReleaseCommand, context: Context): Decided =>
  recordEnd(decideForceRelease(order, context.state, context), { actor: order.actor, requestId: null }, released);

const decideRetireCommand = ({ order }: RetireCommand, context: Context, isKnown: boolean): Decided =>
  recordEnd(decideRetirement(order, context.state, { ...context, isKnown }), { actor: order.actor, requestId: null }, ({ position }) => ({
    kind: 'retirement',
    answer: { machine: order.machine, position },
  }));

/** Expiries take the room that the round's other commands leave: renewals first. */
const decideExpireCommand = (context: Context, others: number): Decided => {
  const room = Math.max(ROUND_EXPIRIES_MIN, ROUND_EVENTS_MAX - COMMAND_EVENTS * others);
  const events = decideExpiries(context.state, context, room);
  const answer = (): LeaseAnswer => ({ kind: 'expiry', expired: events.length });
  if (events.length === 0) return { kind: 'answer', answer };
  return { kind: 'record', events: events.map((event) => ({ event, actor: EXPIRY_ACTOR, requestId: null, causedByPrevious: false })), outcomeIndex: 0, answer };
};

export interface LeaseRulesParts {
  readonly round: WriteRound<LeaseCommand>;
  readonly signer: HostSigner;
  /** Machines of the round's retirements that the ledger knows. */
  readonly knownMachines: ReadonlySet<string>;
}

/** The rules of one round. */
export const leaseRules = ({ round, signer, knownMachines }: LeaseRulesParts): RoundRules<LeaseCommand, LeaseView, LeaseAnswer> => {
  let waiting: ReadonlySet<LeaseCommand> | undefined;
  const mustWait = (command: LeaseCommand, state: LeaseView): boolean => (waiting ??= commandsThatWait(round.commands, state)).has(command);
  return {
    arrivalOf: (command, { state, nowMs, clockMs, draws: { spread } }) => {
      if (command.kind !== 'renew' || mustWait(command, state)) return undefined;
      const screened = screenRenewal(command.request, state, { nowMs, clockMs, spread });
      const { machine, virtual } = command.request;
      if (screened.status !== 'countable') return undefined;
      const { status } = countingStandingOf(machine, screened.pool, state.enrolment.machines);
      return { pool: screened.pool.name, machine, virtual, ...(status === 'not-counted' ? { counted: false } : {}) };
    },
    decide: (command, context) => {
      if (mustWait(command, context.state)) return { kind: 'answer', answer: () => ({ kind: 'next-round' }) };
      switch (command.kind) {
        case 'renew':
          return decideRenewCommand(command, context, signer);
        case 'release':
          return decideReleaseCommand(command, context);
        case 'force-release':
          return decideForceReleaseCommand(command, context);
        case 'retire':
          return decideRetireCommand(command, context, knownMachines.has(command.order.machine));
        case 'expire':
          return decideExpireCommand(context, round.commands.filter((other) => other.command.kind !== 'expire').length);
      }
    },
    answer: async (command, recorded, { host }) => (command.kind === 'release' ? released(recorded) : { kind: 'renewal', answer: await answerRenewal(recorded, { host, signer }) }),
  };
};
