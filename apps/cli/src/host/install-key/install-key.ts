import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { ActivationKey } from '@muster/trust';
import { parseActivationKey, replaceFile } from '@muster/trust';
import { findHost } from '../../access/find-host.js';
import { hostActsApi } from '../../api/host-acts-api.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityOfHost } from '../vendor/authority-of-host.js';
import type { VendorOptions } from '../vendor/vendor-dir.js';
import { findVendorDir, vendorFiles } from '../vendor/vendor-dir.js';

export interface InstallKeyOptions extends VendorOptions {
  readonly policies?: string;
  readonly authority?: string;
}

/** A host key as somebody typed it. @throws CliFailure `usage`, which names the groups that are wrong and quotes none */
export const readHostActivationKey = (typed: string): ActivationKey => {
  const read = parseActivationKey(typed.trim());
  if (read.status === 'misread') throw new CliFailure('usage', read.detail, { remedy: 'Compare it with what your vendor sent, group by group.' });
  if (read.kind !== 'host') throw new CliFailure('usage', `This is ${read.kind === 'setup' ? 'a setup key' : 'a multiple activation key'}: it belongs on machines. A host key begins with H.`);
  return read;
};

const readPolicies = async ({ policies, authority }: InstallKeyOptions, { key, keyId }: ActivationKey): Promise<string> => {
  if (policies !== undefined) return readFileSync(policies, 'utf8').trim();
  if (authority === undefined) throw new CliFailure('usage', 'The policies come with the key: give the file by --policies, or the address of the authority by --authority.');
  const answer = await authorityOfHost(authority).policies(key);
  if (answer.keyId !== keyId) throw new CliFailure('failed', 'The authority answered with the policies of another key.');
  return answer.policies;
};

/** Installs the vendor's policies for a host key, and keeps the key itself here, where only its owner reads it. `-` reads it from standard input. */
export const installKey =
  (given: string) =>
  async (options: InstallKeyOptions, terminal: Terminal): Promise<ExitCode> => {
    const key = readHostActivationKey(given === '-' ? await text(process.stdin) : given);
    const access = findHost(options);
    const dir = findVendorDir(options);
    const answer = await hostActsApi(access).installKey({ keyId: key.keyId, keyEnding: key.ending, policies: await readPolicies(options, key) });
    // After the host took it: a key of another vendor does not replace the one that works.
    replaceFile(vendorFiles(dir).activationKey, `${key.key}\n`);
    if (terminal.json) terminal.data(JSON.stringify(answer));
    else {
      terminal.data(`${answer.recorded ? 'Installed' : 'Installed already'}: the host key that ends in ${answer.keyEnding}, for ${answer.organisation} and group ${answer.coversGroup}.`);
      terminal.data('Next: `muster host activate --authority URL`, or by hand `muster host installation-code`.');
    }
    return exitCodes.ok;
  };
