import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hostApi } from '../../api/host-api.js';
import { DATA_DIR_NAME, dataDirPaths } from '../../data-dir/data-dir.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { askDnsLines } from './dns-lines.js';
import { type EdgeOptions, edgeOf } from './edge.js';
import { trustOf } from '../../access/find-host.js';
import type { Replicas } from './replicas.js';
import type { RunningHost } from './start-host.js';
import { startHost } from './start-host.js';
import { onStopRequest } from './stop-signals.js';
import { terminalJournal } from './terminal-journal.js';
import { welcomeLines } from './welcome.js';

export interface RunHostOptions extends EdgeOptions {
  readonly data?: string;
  readonly port?: number;
  readonly replicas: Replicas;
  readonly controlledClock?: boolean;
  readonly vendorRoot?: string;
}

const announce = async ({ run }: RunningHost, { dataDir, terminal }: { dataDir: string; terminal: Terminal }): Promise<void> => {
  const trust = trustOf(run);
  const host = await hostApi({ url: run.url, token: undefined, trust }).describe();
  if (terminal.json) {
    terminal.data(JSON.stringify({ status: 'ready', ...run, dataDir, host: host.host, operatorTokenFile: dataDirPaths(dataDir).operatorToken }));
  } else {
    const token = readFileSync(dataDirPaths(dataDir).operatorToken, 'utf8').trim();
    const dns = run.parts.some(({ kind }) => kind === 'dns-registrar') ? await askDnsLines({ url: run.url, token, trust }) : [];
    for (const line of welcomeLines({ url: run.url, dataDir, host, dns, paint: terminal.paintData })) terminal.data(line);
  }
};

/** Runs a host until it is asked to stop; that is its ordinary end, and answers 0. */
export const runHost = async ({ data = DATA_DIR_NAME, port, replicas, controlledClock = false, vendorRoot, ...edgeOptions }: RunHostOptions, terminal: Terminal): Promise<ExitCode> => {
  const dataDir = resolve(data);
  const edge = edgeOf(edgeOptions);
  const { signal, requested } = onStopRequest(() => process.exit(exitCodes.interrupted));
  const journal = terminalJournal(terminal);
  let host: RunningHost;
  try {
    host = await startHost({ dataDir, port, replicas, edge, controlledClock, vendorRoot, journal, signal });
  } catch (error) {
    if (signal.aborted) throw new CliFailure('interrupted', 'Stopped before it was ready; nothing is left running.', { cause: error });
    throw error;
  }
  try {
    await announce(host, { dataDir, terminal });
    await requested;
    terminal.note(`\nStopping … ${terminal.paint('dim', '(Ctrl-C again to stop at once)')}`);
  } finally {
    await host.stop();
  }
  terminal.note('Stopped; nothing is left running.');
  return exitCodes.ok;
};
