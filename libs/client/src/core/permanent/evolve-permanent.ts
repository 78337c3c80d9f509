import type { HardwareEvidence } from '@muster/contracts';
import type { Draws } from '@muster/kernel';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { backoffSeconds } from '../backoff.js';
import { clientDefaults } from '../policy.js';
import type { InstallingState } from './begin-installation.js';
import type { PermanentOutcome, PermanentReply } from './permanent-outcome.js';
import type { PermanentContactMade, PermanentState } from './permanent-state.js';

type Of<Type extends PermanentReply['type']> = Extract<PermanentReply, { readonly type: Type }>;

interface Moment {
  readonly nowMs: number;
  readonly draws: Pick<Draws, 'unit'>;
}

/** An allowance may be raised, a key be sold again: asked once a day, for each refusal is a record in the vendor's ledger. */
export const REFUSED_RETRY_SECONDS = DAY_SECONDS;

const settled = { wish: null, due: null, leftWith: null, failing: null } as const;

const dueIn = (seconds: number, nowMs: number): NonNullable<PermanentState['due']> => ({ atMs: nowMs + Math.ceil(seconds * SECOND_MS), setAtMs: nowMs });

/**
 * The state with a permanent lease, however it came. It answers for the key that is installed; a setup key is no longer what the product goes by.
 *
 * @param hardware the evidence that the lease names by its digest
 */
export const applyPermanentLease = (state: PermanentState, lease: Of<'granted'>['lease'], hardware: HardwareEvidence): PermanentState => {
  const key = state.key?.kind === 'multiple' ? state.key : null;
  return { ...state, ...settled, method: 'multiple', key, lease: { ...lease, keyId: key?.keyId ?? null, hardware } };
};

const withoutOutcome = (state: PermanentState, retryAfterSeconds: number | null, { nowMs, draws }: Moment): PermanentState => {
  // Somebody who tries again and again by hand does not make the daemon wait longer.
  const outOfTurn = state.failing !== null && state.due !== null && nowMs < state.due.atMs;
  const failing = { rounds: (state.failing?.rounds ?? 0) + (outOfTurn ? 0 : 1), sinceMs: state.failing?.sinceMs ?? nowMs };
  const cap = clientDefaults.retryAfterSeconds;
  const backoff = backoffSeconds({ rounds: failing.rounds, retryAfterSeconds: cap, unit: draws.unit() });
  return { ...state, failing, due: dueIn(Math.max(backoff, Math.min(retryAfterSeconds ?? 0, cap)), nowMs) };
};

const afterReply = (state: InstallingState, { host, reply }: PermanentOutcome, moment: Moment): PermanentState => {
  const { nowMs } = moment;
  switch (reply.type) {
    case 'granted':
      return applyPermanentLease(state, reply.lease, state.wish.hardware);
    case 'waiting':
      return { ...state, leftWith: host, failing: null, due: dueIn(reply.retryAfterSeconds, nowMs) };
    case 'refused':
      return { ...state, ...settled, due: dueIn(REFUSED_RETRY_SECONDS, nowMs) };
    case 'busy':
      return withoutOutcome(state, reply.retryAfterSeconds, moment);
    case 'unreachable':
      return withoutOutcome(state, null, moment);
    default:
      return reply satisfies never;
  }
};

const contactOf = ({ host, reply }: PermanentOutcome, nowMs: number): PermanentContactMade => ({
  atMs: nowMs,
  host,
  outcome: reply.type,
  code: 'code' in reply ? reply.code : null,
  detail: 'detail' in reply ? reply.detail : null,
});

/** The state after an answer, or none. What is held stays held: no refusal takes a lease away. Draws: the wait until the next attempt. */
export const evolvePermanent = (state: InstallingState, outcome: PermanentOutcome, moment: Moment): PermanentState => ({
  ...afterReply(state, outcome, moment),
  lastContact: contactOf(outcome, moment.nowMs),
});
