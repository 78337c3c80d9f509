import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startProcess } from '../process/start-process.js';
import { temporaryDir } from '../testing/temporary-dir.js';
import { acquireDataDirLock } from './data-dir-lock.js';
import { freePort, isPortFree } from './free-port.js';
import { readOrCreateSecret } from './secret.js';

let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => (dir = temporaryDir()));
afterEach(() => dir.remove());

const lockFile = (): string => join(dir.path, 'launcher.lock');
const readLock = (): { owner: { pid: number; startedAt: string }; processes: { pid: number }[] } => JSON.parse(readFileSync(lockFile(), 'utf8'));

describe('the lock of a data directory', () => {
  it('tells a second owner who holds it and since when', async () => {
    const lock = await acquireDataDirLock(dir.path);
    await expect(acquireDataDirLock(dir.path)).rejects.toThrow(new RegExp(`in use by process ${process.pid} since \\d{4}-`));
    lock.release();
    expect(existsSync(lockFile())).toBe(false);
  });

  it('is taken over when its pid was given to another process since', async () => {
    (await acquireDataDirLock(dir.path)).release();
    writeFileSync(lockFile(), JSON.stringify({ owner: { pid: process.pid, startedAt: 'some other boot/1' }, since: 'then', processes: [] }));
    const lock = await acquireDataDirLock(dir.path);
    expect(readLock().owner.startedAt).not.toBe('some other boot/1');
    lock.release();
  });

  it('is taken over when it was cut short', async () => {
    writeFileSync(lockFile(), '{"owner":');
    (await acquireDataDirLock(dir.path)).release();
  });

  it('goes to exactly one of several starts at once over a stale one', async () => {
    writeFileSync(lockFile(), JSON.stringify({ owner: { pid: 1, startedAt: 'some other boot/1' }, since: 'then', processes: [] }));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquireDataDirLock(dir.path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(dir.path)).toEqual(['launcher.lock']);
  });

  it('notes what its owner runs, and the next owner ends what is left of it', async () => {
    const lock = await acquireDataDirLock(dir.path);
    const part = await startProcess({ name: 'sleeper', command: 'sleep', args: ['600'], log: () => undefined });
    const left = readLock();
    expect(left.processes.map(({ pid }) => pid)).toEqual([part.pid]);
    lock.release();
    writeFileSync(lockFile(), JSON.stringify({ ...left, owner: { ...left.owner, startedAt: 'some other boot/1' } }));

    const lines: string[] = [];
    const next = await acquireDataDirLock(dir.path, (line) => lines.push(line));
    expect(await part.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(lines.join('\n')).toContain(`process ${part.pid}`);
    next.release();
  });
});

describe('a secret in a file', () => {
  it('is made once, long, and readable by its owner only, however many ask at once', async () => {
    const file = join(dir.path, 'keys', 'operator.token');
    const secrets = await Promise.all(Array.from({ length: 8 }, () => readOrCreateSecret(file)));
    expect(new Set(secrets).size).toBe(1);
    expect(Buffer.from(secrets[0] ?? '', 'base64url')).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir.path, 'keys'))).toEqual(['operator.token']);
  });

  it('is not replaced when its file is empty, because something may depend on what was there', async () => {
    writeFileSync(join(dir.path, 'empty'), '');
    await expect(readOrCreateSecret(join(dir.path, 'empty'))).rejects.toThrow(/is empty/);
  });
});

describe('a free port', () => {
  it('is one that nobody listens on', async () => {
    expect(await isPortFree(await freePort())).toBe(true);
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await isPortFree((server.address() as AddressInfo).port)).toBe(false);
    server.close();
  });
});
