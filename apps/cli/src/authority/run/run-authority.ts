import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { trustOf } from '../../access/find-host.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import { type EdgeOptions, edgeOf } from '../../host/run/edge.js';
import { onStopRequest } from '../../host/run/stop-signals.js';
import { terminalJournal } from '../../host/run/terminal-journal.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityApi } from '../access/authority-api.js';
import { AUTHORITY_DIR_NAME, authorityPaths } from '../access/authority-dir.js';
import type { RunningAuthority } from './start-authority.js';
import { startAuthority } from './start-authority.js';

export interface RunAuthorityOptions extends EdgeOptions {
  readonly data?: string;
  readonly port?: number;
}

const announce = async ({ run }: RunningAuthority, { dataDir, terminal }: { dataDir: string; terminal: Terminal }): Promise<void> => {
  const { vendor, signer, catalogueDigest } = await authorityApi({ url: run.url, token: undefined, trust: trustOf(run) }).describe();
  const paths = authorityPaths(dataDir);
  if (terminal.json) {
    terminal.data(JSON.stringify({ status: 'ready', ...run, dataDir, vendor, signer, operatorTokenFile: paths.operatorToken, rootFile: paths.rootPublic }));
    return;
  }
  terminal.data(`\n${terminal.paintData('bold', 'The authority is ready:')} ${terminal.paintData('cyan', run.url)}`);
  terminal.data(`  for    ${vendor ?? 'nobody yet'}\n  data   ${dataDir}  (Ctrl-C stops everything)`);
  if (existsSync(paths.rootPrivate)) terminal.data(`         ${terminal.paintData('yellow', "the root's private key is still here: move")} ${paths.rootPrivate} ${terminal.paintData('yellow', 'away')}`);
  if (catalogueDigest === null) terminal.data('\nNext, in another terminal: `muster authority catalogue apply FILE`, then `muster authority issue-host-key`.');
};

/** Runs an authority until it is asked to stop; that is its ordinary end, and answers 0. */
export const runAuthority = async ({ data = AUTHORITY_DIR_NAME, port, ...edgeOptions }: RunAuthorityOptions, terminal: Terminal): Promise<ExitCode> => {
  const dataDir = resolve(data);
  const edge = edgeOf(edgeOptions);
  const { signal, requested } = onStopRequest(() => process.exit(exitCodes.interrupted));
  let authority: RunningAuthority;
  try {
    authority = await startAuthority({ dataDir, port, edge, journal: terminalJournal(terminal), signal });
  } catch (error) {
    if (signal.aborted) throw new CliFailure('interrupted', 'Stopped before it was ready; nothing is left running.', { cause: error });
    throw error;
  }
  try {
    await announce(authority, { dataDir, terminal });
    await requested;
    terminal.note(`\nStopping … ${terminal.paint('dim', '(Ctrl-C again to stop at once)')}`);
  } finally {
    await authority.stop();
  }
  terminal.note('Stopped; nothing is left running.');
  return exitCodes.ok;
};
