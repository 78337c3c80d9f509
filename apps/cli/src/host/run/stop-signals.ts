import { onLauncherGone } from '@muster/devstack';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopRequest {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, or when `npm start` is gone. */
  readonly signal: AbortSignal;
  readonly requested: Promise<void>;
}

/** One Ctrl-C can arrive twice, from the terminal and from npm, which hands it on; a person who presses it again takes longer. */
const IMPATIENT_AFTER_MS = 1_000;

/** Listens for the wish to stop. A second one ends this process at once; what it started is then ended by its guard. */
export const onStopRequest = (onImpatience: () => void): StopRequest => {
  const stopping = new AbortController();
  const requested = new Promise<void>((resolve) => {
    let firstAtMs = 0;
    const request = (): void => {
      if (stopping.signal.aborted) {
        if (performance.now() - firstAtMs > IMPATIENT_AFTER_MS) onImpatience();
        return;
      }
      firstAtMs = performance.now();
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
