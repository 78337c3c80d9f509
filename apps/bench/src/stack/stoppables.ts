/** What has to be stopped, however a run ends. */
export interface Stoppables {
  /**
   * Takes something on and answers a stop of its own, which is then not called again.
   * @throws Error when everything is being stopped already: what came too late is stopped at once
   */
  readonly add: (stop: () => Promise<void>) => () => Promise<void>;
  /** Stops everything, the youngest first, and takes nothing more. Never rejects: a stop that fails must not keep the others from theirs. */
  readonly stopAll: () => Promise<void>;
}

export const createStoppables = (onFailure: (error: unknown) => void): Stoppables => {
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;

  const stopEach = async (): Promise<void> => {
    for (const stop of stops.reverse()) await stop().catch(onFailure);
  };

  return {
    add: (stop) => {
      let stopped: Promise<void> | undefined;
      const once = (): Promise<void> => (stopped ??= stop());
      if (stopping !== undefined) {
        once().catch(onFailure);
        throw new Error('everything is being stopped');
      }
      stops.push(once);
      return once;
    },
    stopAll: () => (stopping ??= stopEach()),
  };
};
