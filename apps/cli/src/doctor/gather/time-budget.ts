/** One try of anything: who has not answered by then does not answer. */
export const TRY_MS = 2_000;

/** A service gives what it checks 2 s, and then says what does not answer. */
export const READY_MS = 3_000;

/** A gateway gives the services behind it 3 s, and then says which one is away. */
export const SERVICE_MS = 5_000;

/** A plan asks the DNS servers of every domain. */
export const PLAN_MS = 10_000;

/** The whole run: nobody waits longer for a diagnosis. */
export const RUN_MS = 30_000;

export const OUT_OF_TIME = `the ${RUN_MS / 1000} s of the whole run are over`;

/** There is no time left for what was to be tried: it was not, and nothing is known of it. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';

  constructor() {
    super(OUT_OF_TIME);
  }
}

/** The time for the whole run. */
export interface TimeBudget {
  /** Answers the time that was asked for. A try is given all of it or none: one cut short would say of its subject what is true of us. @throws OutOfTime */
  grant(tryMs: number): number;
}

export const startBudget = (runMs = RUN_MS, monotonicMs: () => number = () => performance.now()): TimeBudget => {
  const endMs = monotonicMs() + runMs;
  return {
    grant: (tryMs) => {
      if (endMs - monotonicMs() < tryMs) throw new OutOfTime();
      return tryMs;
    },
  };
};
