import { existsSync, readFileSync } from 'node:fs';
import type { HostConfirmation } from '@muster/contracts';
import { hostActivationAnswerSchema, hostConfirmationSchema } from '@muster/contracts';
import { decodeConfirmation } from '@muster/trust';
import { findHost } from '../../access/find-host.js';
import { hostActsApi } from '../../api/host-acts-api.js';
import { hostApi } from '../../api/host-api.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { storeConfirmation } from '../vendor/stored-confirmation.js';
import type { VendorOptions } from '../vendor/vendor-dir.js';
import { findVendorDir, readHostKey, vendorFiles } from '../vendor/vendor-dir.js';
import { confirmedLine, installedKeyOf } from './activate-host.js';
import { withoutRowNumbers } from './code-rows.js';
import { dropRequest } from './kept-request.js';

const fromCode = (typed: string): HostConfirmation => {
  const read = decodeConfirmation(withoutRowNumbers(typed));
  if (read.status === 'misread') throw new CliFailure('usage', read.detail, { remedy: 'Ask your vendor to read these groups again.' });
  return read.confirmation;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The confirmation in a file: as the authority answered, the numbers alone, or the code as text. */
const fromText = (content: string): HostConfirmation => {
  const value = parseJson(content);
  const answer = hostActivationAnswerSchema.safeParse(value);
  if (answer.success) return answer.data.confirmation;
  const confirmation = hostConfirmationSchema.safeParse(value);
  return confirmation.success ? confirmation.data : fromCode(content);
};

/** A code, in one argument or in several, or the name of a file with one. @throws CliFailure `usage`, which names the groups that were misheard */
export const readConfirmation = (given: readonly string[]): HostConfirmation => {
  const [only] = given;
  return given.length === 1 && only !== undefined && existsSync(only) ? fromText(readFileSync(only, 'utf8')) : fromCode(given.join(' '));
};

/** Activates the host with what the vendor answered by hand. */
export const confirmHost =
  (given: readonly string[]) =>
  async (options: VendorOptions, terminal: Terminal): Promise<ExitCode> => {
    const confirmation = readConfirmation(given);
    const access = findHost(options);
    const dir = findVendorDir(options);
    const host = (await readHostKey(dir)).id;
    const installed = installedKeyOf(await hostApi(access).describe());
    const answer = await hostActsApi(access).confirm(confirmation);
    // Only what the host took: a misheard code is not worth keeping.
    const files = vendorFiles(dir);
    storeConfirmation(files.confirmation, { host, policiesDigest: installed.policiesDigest, confirmation });
    dropRequest(files.request);
    terminal.data(terminal.json ? JSON.stringify(answer) : confirmedLine(answer));
    return exitCodes.ok;
  };
