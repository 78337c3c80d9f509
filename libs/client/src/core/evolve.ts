import type { Draws } from '@muster/kernel';
import { SECOND_MS } from '@muster/kernel';
import { backoffSeconds } from './backoff.js';
import { anchorTime, observeTime } from './machine-time.js';
import type { LastContact, MachineState } from './machine-state.js';
import type { Outcome, Reply } from './outcome.js';
import { rememberHost } from './remember-host.js';
import { sentAwaySeconds } from './send-away.js';

type Of<Type extends Reply['type']> = Extract<Reply, { readonly type: Type }>;

interface Moment {
  readonly nowMs: number;
  readonly draws: Pick<Draws, 'unit'>;
}

const dueIn = (seconds: number, nowMs: number): NonNullable<MachineState['due']> => ({ atMs: nowMs + Math.ceil(seconds * SECOND_MS), setAtMs: nowMs });

const settled = { wish: null, failing: null } as const;

/** Window and age are counted from the moment of issue: an answer that was fetched again later does not move them. */
const issuedOn = ({ issuedAtMs }: { readonly issuedAtMs: number }, { nowMs, withinSeconds }: { readonly nowMs: number; readonly withinSeconds: number }): number =>
  issuedAtMs <= nowMs && nowMs - issuedAtMs <= withinSeconds * SECOND_MS ? issuedAtMs : nowMs;

const granted = (state: MachineState, reply: Of<'granted'>, { nowMs, draws }: Moment): MachineState => {
  const { lease, renewAfterSeconds, retryAfterSeconds, renewalWindow } = reply;
  const { opensAfterSeconds, closesAfterSeconds } = renewalWindow;
  const drawnSeconds = opensAfterSeconds + draws.unit() * Math.max(0, closesAfterSeconds - opensAfterSeconds);
  const drawnForMs = issuedOn(lease, { nowMs, withinSeconds: renewAfterSeconds }) + Math.floor(drawnSeconds * SECOND_MS);
  const kept: MachineState = { ...state, ...settled, lease, intent: 'renew', renewAfterSeconds, retryAfterSeconds, drawnForMs, due: { atMs: drawnForMs, setAtMs: nowMs } };
  return anchorTime(kept, { signedMs: lease.issuedAtMs, nowMs });
};

const deferred = (state: MachineState, { retryAfterSeconds, signedAtMs }: Of<'deferred'>, { nowMs }: Moment): MachineState =>
  anchorTime({ ...state, ...settled, retryAfterSeconds, due: dueIn(retryAfterSeconds, nowMs) }, { signedMs: signedAtMs, nowMs });

/** A host that does not know the lease, or no longer: the machine asks for a new one. The lease stays; a refusal carries no signature. */
const asksForActivation = (state: MachineState, { code }: Of<'refused'>): boolean => state.wish?.kind === 'renewal' && code.startsWith('lease-');

const refused = (state: MachineState, reply: Of<'refused'>, { nowMs }: Moment): MachineState => {
  if (asksForActivation(state, reply)) return { ...state, ...settled, intent: 'activate', drawnForMs: null, due: dueIn(0, nowMs) };
  return { ...state, ...settled, due: dueIn(Math.min(reply.retryAfterSeconds ?? state.retryAfterSeconds, state.retryAfterSeconds), nowMs) };
};

const withoutOutcome = (state: MachineState, retryAfterSeconds: number | null, { nowMs, draws }: Moment): MachineState => {
  // Somebody who tries again and again by hand does not make the daemon wait longer.
  const outOfTurn = state.failing !== null && state.due !== null && nowMs < state.due.atMs;
  const failing = { rounds: (state.failing?.rounds ?? 0) + (outOfTurn ? 0 : 1), sinceMs: state.failing?.sinceMs ?? nowMs };
  const backoff = backoffSeconds({ rounds: failing.rounds, retryAfterSeconds: state.retryAfterSeconds, unit: draws.unit() });
  const told = retryAfterSeconds === null ? 0 : sentAwaySeconds(state, { retryAfterSeconds, nowMs });
  return { ...state, failing, due: dueIn(Math.max(backoff, told), nowMs) };
};

const released = (state: MachineState): MachineState => ({ ...state, ...settled, lease: null, intent: 'rest', due: null, drawnForMs: null });

const afterReply = (state: MachineState, reply: Reply, moment: Moment): MachineState => {
  switch (reply.type) {
    case 'granted':
      return granted(state, reply, moment);
    case 'deferred':
      return deferred(state, reply, moment);
    case 'released':
      return released(state);
    case 'refused':
      return refused(state, reply, moment);
    case 'busy':
      return withoutOutcome(state, reply.retryAfterSeconds, moment);
    case 'unreachable':
      return withoutOutcome(state, null, moment);
    default:
      return reply satisfies never;
  }
};

const contactOf = ({ host, reply }: Outcome, nowMs: number): LastContact => ({
  atMs: nowMs,
  host,
  outcome: reply.type,
  count: 'count' in reply ? reply.count : null,
  threshold: 'threshold' in reply ? reply.threshold : null,
  code: 'code' in reply ? reply.code : null,
  detail: 'detail' in reply ? reply.detail : null,
});

/** Schedule and intent are those of the lease; a release that somebody asked for and that did not come about leaves them as they are. */
const afterFailedRelease = (state: MachineState, reply: Reply): MachineState => (reply.type === 'refused' ? { ...state, wish: null } : state);

/** The state after a round over the hosts. Draws: the moment in the renewal window, or the wait until the next round. */
export const evolve = (state: MachineState, outcome: Outcome, nowMs: number, draws: Pick<Draws, 'unit'>): MachineState => {
  const { reply } = outcome;
  const observed = observeTime(state, nowMs);
  const failedRelease = state.wish?.kind === 'release' && reply.type !== 'released';
  const next = failedRelease ? afterFailedRelease(observed, reply) : afterReply(observed, reply, { nowMs, draws });
  return { ...next, host: rememberHost(next, outcome, nowMs), lastContact: contactOf(outcome, nowMs) };
};
