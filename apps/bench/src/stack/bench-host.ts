import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeExit, freePort, startProcess } from '@muster/devstack';
import type { BenchServer } from './bench-server.js';
import type { HostReady } from './ready-line.js';
import { readyOf } from './ready-line.js';

/** A whole host as `npm start` runs it: launcher, NATS and every service as a process of its own, on the bench's PostgreSQL. */
export interface BenchHost {
  readonly url: string;
  readonly operatorToken: string;
  /** Of every part that works on a request, by its name. */
  readonly pids: Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

/** Catching up with a ledger of a million events, on a busy machine. */
const READY_TIMEOUT_MS = 120_000;

/** The launcher drains and stops its parts one after the other. */
const STOP_TIMEOUT_MS = 60_000;

const LAST_LINES_MAX = 20;

const MUSTER = fileURLToPath(new URL('../../../cli/bin/muster.js', import.meta.url));

/** What is set for another host around here must not reach this one. */
const ownEnv = (databaseUrl: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MUSTER_'))),
  MUSTER_DATABASE_URL: databaseUrl,
});

/** Starts a host on a data directory and a database of the bench's server, and resolves when it is ready. */
export const startBenchHost = async ({ stoppables, postgresPid }: BenchServer, { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl: string }): Promise<BenchHost> => {
  const lines: string[] = [];
  let onLine: (line: string) => void = () => undefined;
  const prefix = '[host] ';
  const part = await startProcess({
    name: 'host',
    command: process.execPath,
    args: [MUSTER, 'host', 'run', '--json', '--data', dataDir, '--port', String(await freePort())],
    env: ownEnv(databaseUrl),
    stopTimeoutMs: STOP_TIMEOUT_MS,
    log: (prefixed) => {
      const line = prefixed.slice(prefix.length);
      lines.push(line);
      if (lines.length > LAST_LINES_MAX) lines.shift();
      onLine(line);
    },
  });
  const stop = stoppables.add(() => part.stop());
  let timer: NodeJS.Timeout | undefined;
  try {
    const ready = await new Promise<HostReady>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the host is not ready: ${why}\n${lines.join('\n')}`));
      onLine = (line) => {
        const found = readyOf(line);
        if (found !== undefined) resolve(found);
      };
      lines.forEach(onLine);
      timer = setTimeout(() => fail(`nothing after ${READY_TIMEOUT_MS / 1000} s`), READY_TIMEOUT_MS);
      void part.exited.then((exit) => fail(`it ended with ${describeExit(exit)}`));
    });
    const operatorToken = readFileSync(ready.operatorTokenFile, 'utf8').trim();
    return { url: ready.url, operatorToken, pids: { ...ready.pids, postgres: postgresPid }, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
};
