import type { ReplayReport } from '@muster/contracts';
import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import { hostApi } from '../../api/host-api.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { progressWords, reportLines } from './replay-words.js';

/** Has the host rebuild its counts from the first event and compare; answers `findings` when they differ. */
export const replayHost = async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
  let report: ReplayReport | undefined;
  for await (const line of hostApi(findHost(options)).replay()) {
    if (line.status === 'done') report = line;
    else terminal.progress(progressWords(line));
  }
  terminal.progress('');
  if (report === undefined) throw new CliFailure('unreachable', 'The replay broke off without a report.');
  if (terminal.json) terminal.data(JSON.stringify(report));
  else for (const line of reportLines(report)) terminal.data(line);
  return report.equal ? exitCodes.ok : exitCodes.findings;
};
