import { onLauncherGone } from '@muster/devstack';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopRequest {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, or when `npm start` is gone. */
  readonly signal: AbortSignal;
  readonly requested: Promise<void>;
}

/** Listens for the wish to stop. The second one ends this process at once; what it started is then ended by its guard. */
export const onStopRequest = (onImpatience: () => void): StopRequest => {
  const stopping = new AbortController();
  const requested = new Promise<void>((resolve) => {
    const request = (): void => {
      if (stopping.signal.aborted) return onImpatience();
      stopping.abort();
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, request);
    onLauncherGone(() => {
      if (!stopping.signal.aborted) request();
    });
  });
  return { signal: stopping.signal, requested };
};
