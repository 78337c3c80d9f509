import type { Part, PartExit } from './part.js';
import { supervise } from './supervise.js';

/** A part that ends when the test says so. */
function fakePart(pid: number): Part & { crash(): void } {
  let end: (exit: PartExit) => void = () => undefined;
  const exited = new Promise<PartExit>((resolve) => (end = resolve));
  return { pid, exited, crash: () => end({ code: null, signal: 'SIGKILL' }), stop: async () => end({ code: 0, signal: null }) };
}

const nothing = (): void => undefined;

describe('a supervised part', () => {
  it('comes back when it ends unasked, also when some attempts fail', async () => {
    const first = fakePart(1);
    const outcomes = [async () => first, async () => Promise.reject(new Error('port is taken')), async () => fakePart(2)];
    const lines: string[] = [];
    const restarted = new Promise<Part>((onRestart) => {
      void supervise({ name: 'counting', start: () => (outcomes.shift() ?? (async () => fakePart(9)))(), log: (line) => lines.push(line), onRestart });
      first.crash();
    });
    expect((await restarted).pid).toBe(2);
    expect(lines).toEqual([
      'counting (pid 1) ended unasked: signal SIGKILL; starting it again',
      'counting did not start: port is taken; trying again',
      'counting runs again (pid 2)',
    ]);
  });

  it('is not started again after it was stopped', async () => {
    let starts = 0;
    const supervised = await supervise({ name: 'counting', start: async () => fakePart((starts += 1)), log: nothing });
    await supervised.stop();
    expect(starts).toBe(1);
    expect(supervised.current()).toBeUndefined();
  });

  it('is stopped for good even when asked in the middle of a restart', async () => {
    const first = fakePart(1);
    const second = fakePart(2);
    let letStart: (part: Part) => void = nothing;
    const restarting = new Promise<void>((begun) => {
      const starts = [async () => first as Part, () => (begun(), new Promise<Part>((resolve) => (letStart = resolve)))];
      void supervise({ name: 'counting', start: () => (starts.shift() ?? (() => Promise.reject(new Error('started too often'))))(), log: nothing }).then(
        async (supervised) => {
          first.crash();
          await restarting;
          const stopped = supervised.stop();
          letStart(second);
          await stopped;
          done();
        },
      );
    });
    let done: () => void = nothing;
    await new Promise<void>((resolve) => (done = resolve));
    expect(await second.exited).toEqual({ code: 0, signal: null });
  });

  it('reports a first start that fails instead of trying for ever', async () => {
    await expect(supervise({ name: 'counting', start: async () => Promise.reject(new Error('bad configuration')), log: nothing })).rejects.toThrow('bad configuration');
  });
});
