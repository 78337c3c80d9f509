import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Stoppables } from '../../stack/stoppables.js';
import type { LoadOrder, LoadReply, LoadReport } from './load.messages.js';

/** The process that sends requests. */
export interface LoadClient {
  readonly pid: number;
  readonly sign: (url: string, count: number) => Promise<void>;
  readonly run: (options: { readonly url: string; readonly inFlight: number; readonly seconds: number }) => Promise<LoadReport>;
  readonly stop: () => Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./load.process.js', import.meta.url));

export const startLoad = (stoppables: Stoppables): LoadClient => {
  const child = fork(PROGRAM, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = stoppables.add(async () => {
    child.kill('SIGKILL'); // it holds nothing that would have to be put away
    await ended;
  });

  const ask = async (order: LoadOrder): Promise<LoadReply> => {
    const reply = await Promise.race([
      new Promise<LoadReply>((resolve) => {
        child.once('message', (message) => resolve(message as LoadReply));
        child.send(order);
      }),
      ended.then((): LoadReply => ({ reply: 'failed', message: 'its process ended' })),
    ]);
    if (reply.reply === 'failed') throw new Error(`the load failed: ${reply.message}`);
    return reply;
  };

  return {
    pid: child.pid ?? Number.NaN,
    sign: async (url, count) => void (await ask({ order: 'sign', url, count })),
    run: async (options) => {
      const reply = await ask({ order: 'run', ...options });
      if (reply.reply !== 'ran') throw new Error(`the load answered ${reply.reply} to an order to run`);
      return reply;
    },
    stop,
  };
};
