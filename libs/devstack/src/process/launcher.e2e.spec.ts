import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TEST_DATABASE_URL_VARIABLE, TEST_NATS_URL_VARIABLE } from '../testing/test-servers.js';
import { temporaryDir } from '../testing/temporary-dir.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';

const BUILT = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const WITH_SERVERS = fileURLToPath(new URL('../../dist/bin/with-servers.js', import.meta.url));

/** Does what `muster host run` does with its parts, and prints their pids. */
const LAUNCHER = `
  const { acquireDataDirLock, startPostgres, startNats, startProcess } = await import(process.argv[1]);
  const dir = process.argv[2];
  const quiet = () => {};
  await acquireDataDirLock(dir);
  const parts = [
    await startPostgres({ dataDir: dir + '/postgres' }),
    await startNats({ dir: dir + '/nats', users: [] }),
    await startProcess({ name: 'service', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], log: quiet }),
  ];
  console.log(JSON.stringify(parts.map(({ pid }) => pid)));
  setInterval(() => {}, 1000);
`;

const dir = temporaryDir();
const launchers: ChildProcess[] = [];
afterAll(() => {
  for (const launcher of launchers) launcher.kill('SIGKILL');
  dir.remove();
});

beforeAll(() => {
  if (!existsSync(BUILT)) throw new Error('libs/devstack is not built: run `npx nx build devstack`');
});

function launch(args: readonly string[], stdio: 'ipc' | 'ignore' = 'ignore'): ChildProcess {
  // Servers of the tests around these would spare `with-servers` what is tested here.
  const env = { ...process.env, [TEST_DATABASE_URL_VARIABLE]: '', [TEST_NATS_URL_VARIABLE]: '' };
  const launcher = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit', stdio] });
  launchers.push(launcher);
  return launcher;
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('ended without a word');
}

async function untilEnded(processes: readonly ProcessIdentity[]): Promise<void> {
  while (processes.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 10));
}

const identifyAll = (pids: readonly number[]): ProcessIdentity[] => pids.map(identifyProcess).filter((identity) => identity !== undefined);

async function launchHost(): Promise<{ launcher: ChildProcess; parts: ProcessIdentity[] }> {
  const launcher = launch(['--input-type=module', '-e', LAUNCHER, BUILT, dir.path]);
  const parts = identifyAll(JSON.parse(await firstLine(launcher)) as number[]);
  expect(parts).toHaveLength(3);
  return { launcher, parts };
}

describe('a launcher that is killed', () => {
  it('leaves nothing running', async () => {
    const { launcher, parts } = await launchHost();
    launcher.kill('SIGKILL');
    await untilEnded(parts);
  });

  it('can be started again at once on the same data', async () => {
    const { launcher, parts } = await launchHost();
    launcher.kill('SIGKILL');
    const again = await launchHost();
    expect(parts.some(isRunning)).toBe(false);
    again.launcher.kill('SIGKILL');
    await untilEnded(again.parts);
  });

  it('has what it left ended by the next start when its guard was killed with it', async () => {
    const { launcher, parts } = await launchHost();
    const guard = guardOf(launcher);
    process.kill(guard, 'SIGSTOP'); // otherwise the launcher would replace it
    launcher.kill('SIGKILL');
    await untilEnded(identifyAll([launcher.pid ?? 0]));
    process.kill(guard, 'SIGKILL');
    expect(parts.every(isRunning)).toBe(true);
    const again = await launchHost();
    expect(parts.some(isRunning)).toBe(false);
    again.launcher.kill('SIGKILL');
    await untilEnded(again.parts);
  });
});

function guardOf({ pid }: ChildProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const guard = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(join('guard', 'guard.js')));
  if (guard === undefined) throw new Error('there is no guard');
  return Number(guard);
}

describe('with-servers', () => {
  const COMMAND = 'console.log(process.env.MUSTER_TEST_DATABASE_URL + " " + process.env.MUSTER_TEST_NATS_URL);';
  const env = (script: string): string[] => [WITH_SERVERS, '--', process.execPath, '-e', script];

  it('gives the command its servers and answers with its exit code', async () => {
    const launcher = launch(env(`${COMMAND} process.exitCode = 7`));
    expect(await firstLine(launcher)).toMatch(/^postgres:\/\/\S+ nats:\/\/\S+$/);
    expect(await exitOf(launcher)).toBe(7);
  });

  it('ends the command and its servers when it is told to stop', async () => {
    const launcher = launch(env(`console.log(process.pid); setInterval(() => {}, 1000)`));
    const command = identifyAll([Number(await firstLine(launcher))]);
    launcher.kill('SIGTERM');
    expect(await exitOf(launcher)).toBe(143);
    expect(command.some(isRunning)).toBe(false);
  });

  it('ends when the program that started it over a channel is gone', async () => {
    const launcher = launch(env(`console.log(process.pid); setInterval(() => {}, 1000)`), 'ipc');
    const command = identifyAll([Number(await firstLine(launcher))]);
    launcher.disconnect();
    await exitOf(launcher);
    expect(command.some(isRunning)).toBe(false);
  });
});

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}
