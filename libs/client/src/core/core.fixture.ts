import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { seededDraws, TEST_START_MS } from '@muster/testing';
import { beginAttempt } from './begin-attempt.js';
import { evolve } from './evolve.js';
import type { HeldLease, MachineState, Wish } from './machine-state.js';
import { newMachineState } from './new-machine-state.js';
import type { HostAddress, Outcome, Reply } from './outcome.js';
import { heard, nextSend, outcomeOf, startRound } from './round.js';

export const DAY_MS = DAY_SECONDS * SECOND_MS;
export const PRODUCT = 'acme.workstation';
export const HOST = 'http://host-a:6878';
export const OTHER_HOST = 'http://host-b:6878';
export const RENEW_SECONDS = 7 * DAY_SECONDS;
export const RETRY_SECONDS = 7200;

export const aLease = (issuedAtMs: number, { leaseId = `lease-${issuedAtMs}`, host = 'host-a', days = 180 } = {}): HeldLease => ({
  leaseId,
  host,
  issuedAtMs,
  expiresAtMs: issuedAtMs + days * DAY_MS,
  token: '',
});

export const granted = (issuedAtMs: number, lease: HeldLease = aLease(issuedAtMs)): Reply => ({
  type: 'granted',
  lease,
  count: 25,
  threshold: 25,
  renewAfterSeconds: RENEW_SECONDS,
  renewalWindow: { opensAfterSeconds: RENEW_SECONDS - DAY_SECONDS, closesAfterSeconds: RENEW_SECONDS },
  retryAfterSeconds: RETRY_SECONDS,
});
export const deferred = (signedAtMs: number): Reply => ({ type: 'deferred', count: 7, threshold: 25, retryAfterSeconds: RETRY_SECONDS, signedAtMs });
export const unreachable: Reply = { type: 'unreachable', detail: 'ECONNREFUSED' };
export const busy = (retryAfterSeconds: number | null): Reply => ({ type: 'busy', code: 'overloaded', detail: 'too much', retryAfterSeconds });
export const refused = (code: string): Reply => ({ type: 'refused', code, detail: code, retryAfterSeconds: null });
export const from = (reply: Reply, host: HostAddress | null = HOST): Outcome => ({ host, reply, failed: [] });

/** A machine that was activated at `atMs`. */
export const activated = (atMs: number = TEST_START_MS, lease?: HeldLease): MachineState => {
  const draws = seededDraws('activated');
  return evolve(beginAttempt(newMachineState(PRODUCT), { nowMs: atMs, draws }), from(granted(atMs, lease)), atMs, draws);
};

/** Asks hosts as they are, and answers the state after. */
export const contact = (
  state: MachineState,
  { nowMs, draws, answers }: { readonly nowMs: number; readonly draws: ReturnType<typeof seededDraws>; readonly answers: Readonly<Record<HostAddress, Reply>> },
): { readonly state: MachineState; readonly asked: readonly HostAddress[]; readonly wish: Wish; readonly requestId: string } => {
  const wishing = beginAttempt(state, { nowMs, draws });
  const asked: HostAddress[] = [];
  let round = startRound(wishing, { hosts: Object.keys(answers), nowMs, draws });
  for (let host = nextSend(round); host !== undefined; host = nextSend(round)) {
    asked.push(host);
    round = heard(round, host, answers[host] ?? unreachable);
  }
  return { state: evolve(wishing, outcomeOf(round), nowMs, draws), asked, wish: wishing.wish, requestId: wishing.wish.requestId };
};
