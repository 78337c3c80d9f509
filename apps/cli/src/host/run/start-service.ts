import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Part } from '@muster/devstack';
import { describeExit, startProcess, supervise } from '@muster/devstack';
import { dataDirPaths } from '../../data-dir/data-dir.js';
import type { PartKind } from '../../data-dir/run-file.js';
import { fetchTrusting } from '../../access/trusting-fetch.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { plainReach, type Reach } from './edge.js';
import type { HostJournal } from './host-journal.js';
import type { HostParts } from './host-parts.js';
import { readLogLine } from './log-line.js';
import { openLogFile } from './service-log.js';

export type ServiceKind = Extract<PartKind, 'gateway' | 'activation' | 'lease-renewal' | 'counting' | 'dns-registrar'>;

export interface ServiceOptions {
  readonly kind: ServiceKind | 'authority';
  /** `activation`, or `activation-2` where there are several. */
  readonly name: string;
  readonly port: number;
  /** Asked on plain loopback unless given. */
  readonly reach?: Reach;
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly parts: HostParts;
  readonly journal: HostJournal;
  readonly onRestart: () => void;
}

/** A Nest application listens within a second or two; a machine busy with everything else at once gets its time. */
const LIVE_TIMEOUT_MS = 60_000;
const LIVE_POLL_MS = 50;
const LIVE_REQUEST_TIMEOUT_MS = 2_000;

/** The end of what a service said, quoted when it does not start. */
const LAST_LINES_MAX = 5;

const programOf = (kind: ServiceOptions['kind']): string => {
  const program = fileURLToPath(new URL(`../../../../${kind}/dist/main.js`, import.meta.url));
  if (!existsSync(program)) throw new CliFailure('conflict', `The ${kind} service is not built: ${program} is missing.`, { remedy: 'Run `npm run build` in the root of the clone (`npm start` does it).' });
  return program;
};

const isLive = async ({ url, trust }: Reach): Promise<boolean> => {
  try {
    const response = await fetchTrusting(`${url}/livez`, { signal: AbortSignal.timeout(LIVE_REQUEST_TIMEOUT_MS) }, trust);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};

/** Answers why the process will not serve, or nothing as soon as it does. */
const untilLive = async (part: Part, reach: Reach): Promise<string | undefined> => {
  let exit: string | undefined;
  void part.exited.then((how) => (exit = `it ended with ${describeExit(how)}`));
  const giveUpAtMs = performance.now() + LIVE_TIMEOUT_MS;
  while (exit === undefined && performance.now() < giveUpAtMs) {
    if (await isLive(reach)) return exit;
    await delay(LIVE_POLL_MS);
  }
  return exit ?? `it did not answer within ${LIVE_TIMEOUT_MS / 1000} s`;
};

/** Starts a service as a process of its own and keeps it running. Rejects, with its last words, when it cannot even start. */
export const startService = async ({ kind, name, port, reach = plainReach(port), env, dataDir, parts, journal, onRestart }: ServiceOptions): Promise<void> => {
  const program = programOf(kind);
  const logFile = openLogFile(join(dataDirPaths(dataDir).logs, `${name}.log`));
  const prefix = `[${name}] `;
  let lastLines: string[] = [];

  const start = async (): Promise<Part> => {
    lastLines = [];
    const part = await startProcess({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', program],
      env,
      log: (prefixed) => {
        const line = prefixed.slice(prefix.length);
        logFile.write(line);
        lastLines = [...lastLines, readLogLine(line).text].slice(-LAST_LINES_MAX);
        journal.serviceLine(name, line);
      },
    });
    const failure = await untilLive(part, reach);
    if (failure === undefined) return part;
    await part.stop();
    throw new Error([`${name} did not start: ${failure}`, ...lastLines].join('\n  '));
  };

  const supervised = await supervise({ name, start, log: journal.warn, onRestart });
  parts.add({ name, kind, port, supervised });
};
