/** What has to be stopped, however a run ends. */
export interface Stoppables {
  /** Takes something on and answers a stop of its own, which is then not called again. */
  readonly add: (stop: () => Promise<void>) => () => Promise<void>;
  /** Stops what is left, the youngest first. Never rejects: a stop that fails must not keep the others from theirs. */
  readonly stopAll: () => Promise<void>;
}

export const createStoppables = (onFailure: (error: unknown) => void): Stoppables => {
  const stops: (() => Promise<void>)[] = [];
  return {
    add: (stop) => {
      let stopped: Promise<void> | undefined;
      const once = (): Promise<void> => (stopped ??= stop());
      stops.push(once);
      return once;
    },
    stopAll: async () => {
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop().catch(onFailure);
    },
  };
};
