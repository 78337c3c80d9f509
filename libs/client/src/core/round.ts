import type { Draws } from '@muster/kernel';
import type { FailedHost, HostAddress, Outcome, Reply } from './outcome.js';
import type { MachineState } from './machine-state.js';
import { mayBeSentAway } from './send-away.js';

/** One attempt over the hosts that are known: the remembered one first, then each other one without a pause, until one gives an outcome. */
export interface Round {
  readonly state: MachineState;
  readonly nowMs: number;
  /** Still to be asked, next first. */
  readonly left: readonly HostAddress[];
  readonly failed: readonly FailedHost[];
  /** The last reply, and the best so far. */
  readonly best: { readonly host: HostAddress; readonly reply: Reply } | null;
  readonly over: boolean;
}

/** Fisher and Yates: machines without a remembered host spread evenly over all. */
const shuffled = <T>(values: readonly T[], draws: Pick<Draws, 'unit'>): readonly T[] => {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(draws.unit() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
};

export interface RoundOptions {
  readonly hosts: readonly HostAddress[];
  readonly nowMs: number;
  readonly draws: Pick<Draws, 'unit'>;
}

/** One after the other, not side by side: two hosts that answered the same request would both count the machine. */
export const startRound = (state: MachineState, { hosts, nowMs, draws }: RoundOptions): Round => {
  const { remembered } = state.host;
  const known = [...new Set(hosts)];
  const first = remembered !== null && known.includes(remembered) ? [remembered] : [];
  return { state, nowMs, left: [...first, ...shuffled(known.filter((host) => host !== first[0]), draws)], failed: [], best: null, over: known.length === 0 };
};

/** The host to ask now; undefined when the round is over. */
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
    over: ends || left.length === 0,
  };
};

/** What the round gave; without any host, nobody could be reached. */
export const outcomeOf = ({ best, failed }: Round): Outcome =>
  best === null ? { host: null, reply: { type: 'unreachable', detail: 'no host is known' }, failed } : { host: best.host, reply: best.reply, failed };
