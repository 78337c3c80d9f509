/** A sleep that can be cut short. A ring while nobody sleeps is kept for the next sleep; any number of rings are one. */
export interface Alarm {
  readonly ring: () => void;
  readonly sleep: (ms: number) => Promise<void>;
}

export const createAlarm = (): Alarm => {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          wake = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(done, ms);
        wake = done;
        if (rung) done();
      }),
  };
};
