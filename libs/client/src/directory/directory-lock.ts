import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@muster/kernel';

/** A contact asks each known host for at most 10 s; whoever holds the lock for longer than this has died with it. */
const HELD_MS_MAX = 10 * 60_000;
/** How long a command waits for the daemon's contact to end. */
const PATIENCE_MS = 60_000;
const POLL_MS = 50;

/** Locks of this process: a left file of an earlier process with our pid (pid 1 of every container) is not among them. */
const held = new Set<string>();

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const isLeft = (path: string): boolean => {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    const ageMs = systemClock.nowMs() - statSync(path).mtimeMs;
    if (ageMs > HELD_MS_MAX) return true;
    if (pid === process.pid) return !held.has(path);
    return Number.isInteger(pid) && pid > 0 && !isAlive(pid);
  } catch {
    return false; // gone meanwhile
  }
};

const tryTake = (path: string): boolean => {
  if (held.has(path)) return false;
  if (isLeft(path)) rmSync(path, { force: true });
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  held.add(path);
  return true;
};

const give = (path: string): void => {
  held.delete(path);
  rmSync(path, { force: true });
};

const pathIn = (dir: string): string => join(dir, 'lock');

/** Another process contacts a host for the same machine and does not come to an end. */
export class MachineBusy extends Error {
  override readonly name = 'MachineBusy';
}

/**
 * Runs `work` while nobody else changes the directory: a daemon and a command that act at the same moment must not make two requests.
 *
 * @throws MachineBusy when the lock is not free within a minute
 */
export const withLock = async <T>(dir: string, work: () => Promise<T>): Promise<T> => {
  const path = pathIn(dir);
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (!tryTake(path)) {
    if (performance.now() > giveUpAtMs) throw new MachineBusy(`${dir} is in use by another process (${path})`);
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    give(path);
  }
};

/** Runs `work` if the lock is free now. */
export const ifUnlocked = (dir: string, work: () => void): void => {
  const path = pathIn(dir);
  if (!tryTake(path)) return;
  try {
    work();
  } finally {
    give(path);
  }
};
