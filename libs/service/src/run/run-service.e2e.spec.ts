import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { startNatsStub } from './nats-stub.fixture.js';

type Line = Readonly<Record<string, unknown>>;

interface Process {
  readonly child: ChildProcess;
  readonly lines: Line[];
  /** Resolves with the first log line of this message, whether said already or not yet. */
  said(message: string): Promise<Line>;
  readonly exited: Promise<unknown>;
  readonly stderr: Promise<string>;
}

const children: ChildProcess[] = [];

function run(env: Record<string, string>): Process {
  const child = spawn(process.execPath, ['--conditions=@muster/source', '--import', './typescript.fixture.js', 'main.fixture.ts'], {
    cwd: join(import.meta.dirname),
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => void lines.push(JSON.parse(line) as Line));
  const said = async (message: string): Promise<Line> => {
    for (;;) {
      const line = lines.find((one) => one.message === message);
      if (line !== undefined) return line;
      await once(reader, 'line');
    }
  };
  return { child, lines, said, exited: once(child, 'exit'), stderr: text(child.stderr) };
}

describe('a service as a process', () => {
  afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the request in flight on %s, closes its modules and exits with 0', async (signal) => {
    const nats = await startNatsStub();
    const service = run({ MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: nats.url });
    const { url } = await service.said('listening');
    const inFlight = fetch(`${String(url)}/held`);
    await service.said('held');
    service.child.kill(signal);
    expect(await (await inFlight).json()).toEqual({ finished: true });
    expect(await service.exited).toEqual([0, null]);
    // A process may be gone before its last line is read.
    await service.said('stopped');
    expect(service.lines.map(({ message }) => message)).toContain('closed');
    expect(service.lines.at(-1)).toMatchObject({ message: 'stopped', finished: true });
    await nats.close();
  });

  it('exits at once on the second signal', async () => {
    const service = run({ MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: 'nats://127.0.0.1:1' });
    const { url } = await service.said('listening');
    const inFlight = fetch(`${String(url)}/held`).catch(() => 'cut');
    await service.said('held');
    service.child.kill('SIGTERM');
    await service.said('stopping');
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual([1, null]);
    expect(await inFlight).toBe('cut');
  });

  it('says all that is wrong with its configuration, and exits with 1', async () => {
    const service = run({ MUSTER_HTTP_PORT: 'x', MUSTER_LEDGER: '!' });
    expect(await service.exited).toEqual([1, null]);
    expect(await service.stderr).toBe('The configuration is not usable:\n  MUSTER_HTTP_PORT: must be a port\n  MUSTER_LEDGER: must be lower-case letters, digits, - and _\n');
  });

  it('logs an error that nobody caught without its secrets, and exits with 1', async () => {
    const service = run({ MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: 'nats://127.0.0.1:1' });
    const { url } = await service.said('listening');
    await fetch(`${String(url)}/crash?token=hunter2`).catch(() => undefined);
    expect(await service.exited).toEqual([1, null]);
    const fatal = await service.said('nobody caught this error');
    expect(fatal).toMatchObject({ level: 'fatal', err: { message: 'nobody catches this: https://[redacted]@host' } });
    expect(JSON.stringify(service.lines)).not.toContain('hunter2');
  });
});
