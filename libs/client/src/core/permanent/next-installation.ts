import type { HardwareEvidence } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import { CLOCK_TOLERANCE_SECONDS } from '../policy.js';
import type { PermanentState } from './permanent-state.js';
import { wantsLease } from './wants-lease.js';

export type NextInstallation =
  /** Nothing to ask anybody: by volume, or permanently activated. */
  | { readonly type: 'none' }
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'ask'; readonly way: 'independent' | 'host' };

/** What the machine does next for its permanent lease. One that is held needs nothing: it has no end. */
export const nextInstallation = (state: PermanentState, { nowMs, hardware }: { readonly nowMs: number; readonly hardware: HardwareEvidence }): NextInstallation => {
  const left = state.wish?.way === 'host';
  if (!left && !wantsLease(state, hardware)) return { type: 'none' };
  const { due } = state;
  const setBack = due !== null && nowMs < due.setAtMs - CLOCK_TOLERANCE_SECONDS * SECOND_MS;
  if (due !== null && !setBack && nowMs < due.atMs) return { type: 'wait', untilMs: due.atMs };
  return { type: 'ask', way: left ? 'host' : 'independent' };
};
