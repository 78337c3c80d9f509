import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import { hostActsApi } from '../../api/host-acts-api.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';

export interface RetireHostOptions extends AccessOptions {
  readonly reason: string;
}

/** Ends the service of the host. Asks nothing: whoever runs this has decided. */
export const retireHost = async ({ reason, ...options }: RetireHostOptions, terminal: Terminal): Promise<ExitCode> => {
  const answer = await hostActsApi(findHost(options)).retire(reason);
  terminal.data(
    terminal.json ? JSON.stringify(answer) : `${answer.recorded ? 'Retired' : 'Retired already'}: host ${answer.host} serves nobody any more. Leases that it issued stay good until their ends; a new activation brings it back.`,
  );
  return exitCodes.ok;
};
