import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import { hostApi } from '../../api/host-api.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { timeStepLine } from './time-step-line.js';

/** Has the host accept that its clock is far ahead of its ledger. Asks nothing: whoever runs this has decided. */
export const acceptTime = async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
  const answer = await hostApi(findHost(options)).acceptTimeStep();
  terminal.data(terminal.json ? JSON.stringify(answer) : timeStepLine(answer));
  return exitCodes.ok;
};
