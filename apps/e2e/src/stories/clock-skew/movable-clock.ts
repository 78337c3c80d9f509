import { writeFileSync } from 'node:fs';
import { debianBinary } from '@muster/devstack';
import { StorySkipped } from '../../story/story.js';

/** A wall clock that can be moved under running processes. */
export interface MovableClock {
  /** Gives a process this clock; its timers keep the real one. */
  readonly env: NodeJS.ProcessEnv;
  /** Moves it to so many days from the real time. */
  move(days: number): void;
}

/** Between two looks at the file: for up to this long after a move a process still has the old time. */
const CACHE_SECONDS = 1;

/**
 * A clock in a file, by libfaketime.
 *
 * @throws StorySkipped when the package cannot be had
 */
export const movableClock = async (file: string): Promise<MovableClock> => {
  // MT: for programs with threads, as Node is.
  const library = await debianBinary({ package: 'libfaketime', binary: 'libfaketimeMT.so.1' }).catch((error: unknown) => {
    throw new StorySkipped(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const move = (days: number): void => writeFileSync(file, `${days < 0 ? '' : '+'}${days}d\n`);
  move(0);
  return {
    env: { LD_PRELOAD: library.path, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: String(CACHE_SECONDS), FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    move,
  };
};
