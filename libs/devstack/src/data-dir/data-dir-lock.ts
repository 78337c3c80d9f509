import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.js';
import { endProcess, onGuardedProcesses, type EndableProcess } from '../process/process-guard.js';
import { identifyProcess, isRunning, type ProcessIdentity } from '../process/process-identity.js';

const LOCK_FILE = 'launcher.lock';
const TAKE_OVER_ATTEMPTS_MAX = 10; // only several starts in the same instant need more than one

interface LockContent {
  readonly owner: ProcessIdentity;
  readonly since: string;
  /** What the owner started; ended by the next owner if this one could not do it. */
  readonly processes: readonly EndableProcess[];
}

/** The data directory belongs to another launcher that is still running. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
  constructor(
    readonly dir: string,
    readonly pid: number,
    readonly since: string,
  ) {
    super(`${dir} is in use by process ${pid} since ${since}; stop that one first, or use another data directory`);
  }
}

export interface DataDirLock {
  /** Gives the directory free; call it when everything that was started on it has ended. */
  release(): void;
}

/**
 * Claims a data directory for this process, making it when there is none. A lock left by a process that is gone is taken over, and whatever that
 * one had started and left running is ended first (recognised by pid and start time).
 * Rejects with `DataDirInUseError` when the owner still runs.
 */
export async function acquireDataDirLock(dir: string, log: Log = () => undefined): Promise<DataDirLock> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, LOCK_FILE);
  const owner = identifyProcess(process.pid);
  if (owner === undefined) throw new Error('this process cannot identify itself: is /proc mounted?');

  const mine: LockContent = { owner, since: new Date().toISOString(), processes: [] };
  const orphans: EndableProcess[] = [];
  for (let attempt = 1; !createLock(file, mine); attempt += 1) {
    const held = readLock(file);
    if (held !== undefined && isRunning(held.owner)) throw new DataDirInUseError(dir, held.owner.pid, held.since);
    if (attempt === TAKE_OVER_ATTEMPTS_MAX) throw new Error(`${file} cannot be taken over; remove it if no host runs on ${dir}`);
    orphans.push(...removeStaleLock(file, held));
    log(`${dir} was left by an unclean stop${held === undefined ? '' : ` of process ${held.owner.pid}`}; taking it over`);
  }
  await endOrphans(orphans, log);

  const unsubscribe = onGuardedProcesses((processes) => replaceLock(file, { ...mine, processes }));
  return {
    release: () => {
      unsubscribe();
      if (isOwnedBy(file, owner)) rmSync(file, { force: true });
    },
  };
}

/** Links a finished file into place: the lock is there whole, or somebody else's is. */
function createLock(file: string, content: LockContent): boolean {
  const draft = writeDraft(file, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replaceLock(file: string, content: LockContent): void {
  if (isOwnedBy(file, content.owner)) renameSync(writeDraft(file, content), file);
}

function writeDraft(file: string, content: LockContent): string {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  return draft;
}

function readLock(file: string): LockContent | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockContent;
  } catch {
    return undefined; // gone, or cut short by a full disk: nobody that runs owns it
  }
}

/** Moves the lock aside and looks again: what was moved may be the lock of another start that was quicker. */
function removeStaleLock(file: string, stale: LockContent | undefined): readonly EndableProcess[] {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.stale`;
  try {
    renameSync(file, aside);
    const moved = readLock(aside);
    if (moved !== undefined && isRunning(moved.owner)) linkSync(aside, file);
    else return moved?.processes ?? stale?.processes ?? [];
  } catch {
    // Another start moved or made it first: the next attempt sees whose it is.
  } finally {
    rmSync(aside, { force: true });
  }
  return [];
}

function isOwnedBy(file: string, owner: ProcessIdentity): boolean {
  const held = readLock(file)?.owner;
  return held?.pid === owner.pid && held.startedAt === owner.startedAt;
}

async function endOrphans(orphans: readonly EndableProcess[], log: Log): Promise<void> {
  const running = orphans.filter(isRunning);
  if (running.length > 0) log(`ending what it left running: ${running.map(({ pid }) => `process ${pid}`).join(', ')}`);
  const ended = await Promise.all(running.map(endProcess));
  const left = running.filter((_, index) => !ended[index]).map(({ pid }) => pid);
  if (left.length > 0) throw new Error(`processes ${left.join(', ')}, left by an earlier run, could not be ended; end them and start again`);
}
