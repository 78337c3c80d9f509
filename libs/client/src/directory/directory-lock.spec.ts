import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ifUnlocked, withLock } from './directory-lock.js';

/** No system gives out pids this high. */
const NOBODY = 2 ** 30;

describe('the lock of a machine directory', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'muster-lock-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('lets one work at a time, and is gone afterwards', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([withLock(dir, work), withLock(dir, work), withLock(dir, work)]);
    expect(most).toBe(1);
    expect(existsSync(join(dir, 'lock'))).toBe(false);
  });

  it('is given back when the work fails', async () => {
    await expect(withLock(dir, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(dir, () => Promise.resolve('yes'))).toBe('yes');
  });

  it.each([
    ['a process that has died', NOBODY],
    ['an earlier process with our own pid', process.pid],
  ])('left by %s holds nobody up', async (_who, pid) => {
    writeFileSync(join(dir, 'lock'), String(pid));
    expect(await withLock(dir, () => Promise.resolve('yes'))).toBe('yes');
  });

  it('of a living process is respected', async () => {
    let ran = false;
    writeFileSync(join(dir, 'lock'), String(process.ppid));
    ifUnlocked(dir, () => {
      ran = true;
    });
    expect(ran).toBe(false);
  });
});
