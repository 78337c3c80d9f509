/** One try of anything: who has not answered by then does not answer. */
export const TRY_MS = 2_000;

/** The whole run: nobody waits longer for a diagnosis. */
export const RUN_MS = 30_000;

export const OUT_OF_TIME = `the ${RUN_MS / 1000} s of the whole run were over`;

/** What is left of the time for the whole run. */
export interface TimeBudget {
  /** So long may something take that would like `wishMs`; 0 when the time is over. */
  left(wishMs: number): number;
}

export const startBudget = (runMs = RUN_MS, monotonicMs: () => number = () => performance.now()): TimeBudget => {
  const endMs = monotonicMs() + runMs;
  return { left: (wishMs) => Math.max(0, Math.min(wishMs, Math.floor(endMs - monotonicMs()))) };
};
