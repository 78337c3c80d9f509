import type { Draws } from '@muster/kernel';
import type { FailedHost, HostAddress, Outcome, Reply } from './outcome.js';
import type { MachineState } from './machine-state.js';
import { mayBeSentAway } from './send-away.js';
import { shuffled } from './shuffled.js';

/** One attempt over the hosts that are known: the remembered one first, then each other one without a pause, until one gives an outcome. */
export interface Round {
  readonly state: MachineState;
  readonly nowMs: number;
  /** Still to be asked, next first. */
  readonly left: readonly HostAddress[];
  readonly failed: readonly FailedHost[];
  /** The last reply, and the best so far. */
  readonly best: { readonly host: HostAddress; readonly reply: Reply } | null;
  /** A host gave an outcome: nobody else is asked. */
  readonly over: boolean;
}

export interface RoundOptions {
  readonly hosts: readonly HostAddress[];
  /** Whether they stand in the order in which they are to be asked; else it is drawn, so that machines without a remembered host spread evenly over all. */
  readonly ordered?: boolean;
  readonly nowMs: number;
  readonly draws: Pick<Draws, 'unit'>;
}

/** One after the other, not side by side: two hosts that answered the same request would both count the machine. */
export const startRound = (state: MachineState, { hosts, ordered = false, nowMs, draws }: RoundOptions): Round => {
  const { remembered } = state.host;
  const known = [...new Set(hosts)];
  const first = remembered !== null && known.includes(remembered) ? [remembered] : [];
  const others = known.filter((host) => host !== first[0]);
  return { state, nowMs, left: [...first, ...(ordered ? others : shuffled(others, draws))], failed: [], best: null, over: false };
};

/** Goes on with hosts that were found later, in their order. */
export const joinRound = (round: Round, hosts: readonly HostAddress[]): Round => ({ ...round, left: [...new Set([...round.left, ...hosts])] });

/** The host to ask now; undefined when an outcome is there, or no host is left. */
export const nextSend = ({ over, left }: Round): HostAddress | undefined => (over ? undefined : left[0]);

/** Problems of the host itself: another one may well serve the machine. */
const HOST_PROBLEMS: ReadonlySet<string> = new Set(['wrong-host', 'host-retired', 'host-not-activated', 'host-certificate-not-valid', 'host-revoked', 'product-not-covered', 'unknown-product', 'enrolment-not-valid']);

export const isHostProblem = (code: string): boolean => HOST_PROBLEMS.has(code);

const endsRound = ({ state, nowMs }: Round, reply: Reply): boolean => {
  switch (reply.type) {
    case 'granted':
    case 'deferred':
    case 'released':
      return true;
    case 'refused':
      return !isHostProblem(reply.code);
    case 'busy':
      return mayBeSentAway(state, { retryAfterSeconds: reply.retryAfterSeconds, nowMs });
    case 'unreachable':
      return false;
    default:
      return reply satisfies never;
  }
};

/** How much a reply that does not end the round says: a busy host leaves the outcome open, so a refusal by another one does not close it. */
const weight: Readonly<Record<Reply['type'], number>> = { unreachable: 0, refused: 1, busy: 2, deferred: 3, granted: 3, released: 3 };

const detailOf = (reply: Reply): string => ('detail' in reply ? reply.detail : reply.type);

/** Takes in what a host gave. */
export const heard = (round: Round, host: HostAddress, reply: Reply): Round => {
  const left = round.left.filter((other) => other !== host);
  const ends = endsRound(round, reply);
  const better = ends || round.best === null || weight[reply.type] > weight[round.best.reply.type];
  return {
    ...round,
    left,
    failed: ends ? round.failed : [...round.failed, { host, detail: detailOf(reply) }],
    best: better ? { host, reply } : round.best,
    over: ends,
  };
};

/** What the round gave; without any host, nobody could be reached, for the reason given. */
export const outcomeOf = ({ best, failed }: Round, nobody = 'no host is known'): Outcome =>
  best === null ? { host: null, reply: { type: 'unreachable', detail: nobody }, failed } : { host: best.host, reply: best.reply, failed };
