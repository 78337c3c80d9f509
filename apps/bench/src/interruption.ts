import { constants } from 'node:os';
import { onLauncherGone } from '@muster/devstack';
import type { Progress } from './progress.js';

/** That the run is to end before its time, and with which exit code. */
export interface Interruption {
  /** Undefined while nothing has happened. */
  readonly exitCode: () => number | undefined;
  /** Resolves when it happens. */
  readonly happened: Promise<void>;
}

/** Listens for Ctrl-C and its like, for the end of the process that started this one, and for errors that nobody else can catch. Only the first counts. */
export const listenForInterruption = (progress: Progress): Interruption => {
  let exitCode: number | undefined;
  let tell = (): void => undefined;
  const happened = new Promise<void>((resolve) => (tell = resolve));
  const interrupt = (code: number): void => {
    if (exitCode !== undefined) return;
    exitCode = code;
    progress('stopping …');
    tell();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt(128 + constants.signals[signal]));
  onLauncherGone(() => interrupt(128 + constants.signals.SIGHUP));
  process.on('uncaughtException', (error) => {
    // Once things are being stopped, those that used them fail: that is no news.
    if (exitCode === undefined) progress(error.stack ?? String(error));
    interrupt(1);
  });
  return { exitCode: () => exitCode, happened };
};
