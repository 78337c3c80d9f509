import { SECOND_MS } from '@muster/kernel';
import { judgedNowMs } from './machine-time.js';
import type { MachineState } from './machine-state.js';
import { CLOCK_TOLERANCE_SECONDS } from './policy.js';

export type NextAction =
  | { readonly type: 'activate' }
  | { readonly type: 'renew' }
  /** Null: nothing until somebody asks, for the lease was released. */
  | { readonly type: 'wait'; readonly untilMs: number | null };

/** What the wish asks for: a lease that has run out cannot be renewed. */
export const intendedAction = (state: MachineState, nowMs: number): { readonly type: 'activate' | 'renew' } =>
  state.intent === 'renew' && state.lease !== null && judgedNowMs(state, nowMs) < state.lease.expiresAtMs ? { type: 'renew' } : { type: 'activate' };

/** What the machine does next. A moment that was set on a clock since put back means nothing any more: the machine asks now, and sets a new one. */
export const nextAction = (state: MachineState, nowMs: number): NextAction => {
  const { due, intent } = state;
  if (intent === 'rest') return { type: 'wait', untilMs: null };
  const setBack = due !== null && nowMs < due.setAtMs - CLOCK_TOLERANCE_SECONDS * SECOND_MS;
  if (due !== null && !setBack && nowMs < due.atMs) return { type: 'wait', untilMs: due.atMs };
  return intendedAction(state, nowMs);
};
