import { identifyProcess } from './process-identity.js';
import { startProcess } from './start-process.js';

const node = (script: string, log: (line: string) => void, stopTimeoutMs?: number) =>
  startProcess({ name: 'part', command: process.execPath, args: ['-e', script], log, ...(stopTimeoutMs === undefined ? {} : { stopTimeoutMs }) });

/** Starts the script and waits for its first line. */
async function started(script: string, stopTimeoutMs?: number) {
  const lines: string[] = [];
  let onLine: () => void = () => undefined;
  const said = new Promise<void>((resolve) => (onLine = resolve));
  const part = await node(script, (line) => (lines.push(line), onLine()), stopTimeoutMs);
  await said;
  return { part, lines };
}

const STAY = 'setInterval(() => {}, 1000);';

describe('a started process', () => {
  it('has its output prefixed line by line, also a last line without an end', async () => {
    const lines: string[] = [];
    let closed: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (closed = resolve));
    const part = await node('process.stdout.write("one\\ntw"); setTimeout(() => process.stdout.write("o\\nthree"), 20)', (line) => {
      lines.push(line);
      if (lines.length === 3) closed();
    });
    await all;
    expect(await part.exited).toEqual({ code: 0, signal: null });
    expect(lines).toEqual(['[part] one', '[part] two', '[part] three']);
  });

  it('may stop in its own way', async () => {
    const { part } = await started(`process.on("SIGTERM", () => process.exit(3)); console.log("ready"); ${STAY}`);
    await part.stop();
    expect(await part.exited).toEqual({ code: 3, signal: null });
  });

  it('is killed when it takes too long to stop', async () => {
    const { part } = await started(`process.on("SIGTERM", () => {}); console.log("ready"); ${STAY}`, 50);
    await part.stop();
    expect(await part.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes along what it had started itself', async () => {
    const { part, lines } = await started(`const c = require("child_process").spawn("sleep", ["600"]); console.log(c.pid); ${STAY}`);
    const grandchild = Number(lines[0]?.split(' ')[1]);
    process.kill(part.pid, 'SIGKILL');
    await part.exited;
    await expect(untilGone(grandchild)).resolves.toBeUndefined();
  });

  it('rejects with the reason when there is no such program', async () => {
    await expect(startProcess({ name: 'part', command: '/no/such/program', args: [], log: () => undefined })).rejects.toThrow('ENOENT');
  });
});

async function untilGone(pid: number): Promise<void> {
  while (identifyProcess(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
}
