import { readFileSync } from 'node:fs';
import type { HostActivationAnswer, HostConfirmation, HostConfirmedAnswer, HostDescription } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import { findHost } from '../../access/find-host.js';
import type { HostActsApi } from '../../api/host-acts-api.js';
import { hostActsApi } from '../../api/host-acts-api.js';
import { hostApi } from '../../api/host-api.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dateOf } from '../../terminal/words.js';
import { authorityOfHost } from '../vendor/authority-of-host.js';
import { isWorthApplying, readStoredConfirmation, storeConfirmation } from '../vendor/stored-confirmation.js';
import type { VendorOptions } from '../vendor/vendor-dir.js';
import { findVendorDir, readHostKey, vendorFiles } from '../vendor/vendor-dir.js';
import type { InstalledKey } from './kept-request.js';
import { dropRequest, keptRequest } from './kept-request.js';

export interface ActivateHostOptions extends VendorOptions {
  readonly authority?: string;
}

/** @throws CliFailure `conflict` */
export const installedKeyOf = ({ hostKey }: HostDescription): InstalledKey => {
  if (hostKey === null) throw new CliFailure('conflict', 'No host key is installed.', { remedy: 'Install the one of your vendor: `muster host install-key KEY`.' });
  return hostKey;
};

const typedKey = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CliFailure('notFound', `The host key is not kept in ${path}.`, { remedy: 'Install it on this machine: `muster host install-key KEY`.', cause: error });
  }
};

const endOf = ({ expiresAt }: HostConfirmedAnswer): string => dateOf(toNumericDate(Date.parse(expiresAt)));

/** What the end of an activation says, whichever way it came. */
export const confirmedLine = (answer: HostConfirmedAnswer): string => `${answer.recorded ? 'Activated' : 'Activated already'}: host ${answer.host}, certified until ${endOf(answer)}.`;

interface Confirmed {
  readonly files: Pick<ReturnType<typeof vendorFiles>, 'confirmation' | 'request'>;
  readonly host: string;
  readonly installed: InstalledKey;
  readonly confirmation: HostConfirmation;
}

/** Keeps the confirmation before it is applied: what it used up must not be lost with a connection. */
const applyConfirmation = (api: HostActsApi, { files, host, installed, confirmation }: Confirmed): Promise<HostConfirmedAnswer> => {
  storeConfirmation(files.confirmation, { host, policiesDigest: installed.policiesDigest, confirmation });
  dropRequest(files.request);
  return api.confirm(confirmation);
};

const report = (terminal: Terminal, applied: HostConfirmedAnswer, used: HostActivationAnswer | undefined): void => {
  if (terminal.json) return terminal.data(JSON.stringify({ ...applied, reapplied: used === undefined, ...(used === undefined ? {} : { activationsUsed: used.activationsUsed, hostsUsed: used.hostsUsed }) }));
  terminal.data(confirmedLine(applied));
  if (used === undefined) terminal.data('By the confirmation that was kept here: no activation was used.');
  else terminal.data(`The host key has activated ${used.hostsUsed} of ${used.hostsMax} hosts; this one ${used.activationsUsed} of ${used.activationsPerHostMax} times.`);
};

/** Activates the host, or renews its certificate, on line. A confirmation that is kept here and gives more than the host has is applied first, for nothing. */
export const activateHost = async (options: ActivateHostOptions, terminal: Terminal): Promise<ExitCode> => {
  const access = findHost(options);
  const dir = findVendorDir(options);
  const files = vendorFiles(dir);
  const [hostKey, described] = [await readHostKey(dir), await hostApi(access).describe()];
  const installed = installedKeyOf(described);
  const api = hostActsApi(access);
  const stored = readStoredConfirmation(files.confirmation);
  if (stored !== undefined && isWorthApplying(stored, described, { hostId: hostKey.id, nowMs: systemClock.nowMs() })) {
    report(terminal, await api.confirm(stored.confirmation), undefined);
    return exitCodes.ok;
  }
  if (options.authority === undefined) throw new CliFailure('usage', 'Which authority? Give its address by --authority; off line: `muster host installation-code`.');
  const answer = await authorityOfHost(options.authority).activate({ key: typedKey(files.activationKey), request: await keptRequest(files.request, { hostKey, installed, nowMs: systemClock.nowMs() }) });
  report(terminal, await applyConfirmation(api, { files, host: hostKey.id, installed, confirmation: answer.confirmation }), answer);
  return exitCodes.ok;
};
