import { systemClock } from '@muster/kernel';
import { encodeInstallation, replaceFile } from '@muster/trust';
import { findHost } from '../../access/find-host.js';
import { hostApi } from '../../api/host-api.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { VendorOptions } from '../vendor/vendor-dir.js';
import { findVendorDir, readHostKey, vendorFiles } from '../vendor/vendor-dir.js';
import { installedKeyOf } from './activate-host.js';
import { codeRows } from './code-rows.js';
import { keptRequest } from './kept-request.js';

export interface InstallationCodeOptions extends VendorOptions {
  readonly output?: string;
}

/** Prints what is read to the vendor over a telephone, and writes the same as a file. */
export const showInstallationCode = async (options: InstallationCodeOptions, terminal: Terminal): Promise<ExitCode> => {
  const dir = findVendorDir(options);
  const hostKey = await readHostKey(dir);
  const installed = installedKeyOf(await hostApi(findHost(options)).describe());
  const { request } = vendorFiles(dir);
  const file = options.output ?? request;
  const signed = await keptRequest(request, { hostKey, installed, nowMs: systemClock.nowMs() });
  if (file !== request) replaceFile(file, `${signed}\n`);
  const code = encodeInstallation({ hostPublicKey: hostKey.publicJwk, policiesDigest: installed.policiesDigest });
  if (terminal.json) {
    terminal.data(JSON.stringify({ host: hostKey.id, keyEnding: installed.keyEnding, installationCode: code, requestFile: file }));
    return exitCodes.ok;
  }
  terminal.data(`Installation code of this host, for the host key that ends in ${installed.keyEnding}:`);
  terminal.data('');
  for (const row of codeRows(code)) terminal.data(row);
  terminal.data('');
  terminal.data(`The same as a file: ${file}`);
  terminal.data("Your vendor answers with a confirmation: `muster host confirm CODE` or `muster host confirm FILE`.");
  return exitCodes.ok;
};
