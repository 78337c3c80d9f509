import { SECOND_MS } from '@muster/kernel';
import type { MachineState } from './machine-state.js';
import { CLOCK_TOLERANCE_SECONDS } from './policy.js';

const TOLERANCE_MS = CLOCK_TOLERANCE_SECONDS * SECOND_MS;

/**
 * The time that the machine is judged by: never before a time that it has seen, or that a host has signed.
 * So a clock set back improves nothing.
 */
export const judgedNowMs = ({ clock, lease }: Pick<MachineState, 'clock' | 'lease'>, nowMs: number): number =>
  Math.max(nowMs, clock.highWaterMs, clock.signedMs, lease?.issuedAtMs ?? 0);

/** How far the clock stands behind what the machine knows; 0 within the tolerance. */
export const clockSetBackSeconds = (state: Pick<MachineState, 'clock' | 'lease'>, nowMs: number): number => {
  const behindMs = judgedNowMs(state, nowMs) - nowMs;
  return behindMs > TOLERANCE_MS ? Math.floor(behindMs / SECOND_MS) : 0;
};

/** Remembers that this time was seen. The same state comes back while the mark is younger than the tolerance: nothing to write. */
export const observeTime = (state: MachineState, nowMs: number): MachineState =>
  nowMs <= state.clock.highWaterMs + TOLERANCE_MS ? state : { ...state, clock: { ...state.clock, highWaterMs: nowMs } };

/**
 * Takes in a time that a host signed in an answer to a request of now.
 *
 * It is the one thing that lowers a high-water mark: a clock that once stood in the future would otherwise keep the machine there for ever.
 * That needs a signature newer than every one before, and a clock that agrees with it; an old answer played again has neither.
 */
export const anchorTime = (state: MachineState, { signedMs, nowMs }: { readonly signedMs: number; readonly nowMs: number }): MachineState => {
  const { clock } = state;
  const confirmed = signedMs > clock.signedMs && Math.abs(nowMs - signedMs) <= TOLERANCE_MS;
  const highWaterMs = confirmed ? Math.max(nowMs, signedMs) : Math.max(clock.highWaterMs, nowMs, signedMs);
  return { ...state, clock: { highWaterMs, signedMs: Math.max(clock.signedMs, signedMs) } };
};
