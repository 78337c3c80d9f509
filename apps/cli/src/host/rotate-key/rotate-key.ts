import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostDescription, SigningKeyChangedAnswer } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import { generateKeyPair, signingKeyFile, signSigningKey, writePrivateKeyFile } from '@muster/trust';
import { findHost } from '../../access/find-host.js';
import type { HostActsApi } from '../../api/host-acts-api.js';
import { hostActsApi } from '../../api/host-acts-api.js';
import { hostApi } from '../../api/host-api.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { VendorOptions } from '../vendor/vendor-dir.js';
import { findVendorDir, readHostKey, vendorFiles } from '../vendor/vendor-dir.js';

export interface RotateKeyOptions extends VendorOptions {
  readonly compromised?: boolean;
}

/** How often the host is asked whether every cached copy of its published keys has the new one by now. */
const ASK_EVERY_MS = 2000;

const DIRECTORY_OWNER_ONLY = 0o700;

type Reason = Parameters<HostActsApi['changeKey']>[0]['reason'];

const checkRotatable = ({ host, signingKey }: HostDescription, reason: Reason): void => {
  if (host === null) throw new CliFailure('conflict', 'The host is not activated: no key signs for it yet.');
  if (reason !== 'compromise' || signingKey !== host) return;
  throw new CliFailure('conflict', 'The host key itself signs, and vouches for every other one.', {
    remedy: 'If it got out: have the vendor revoke it, install the revocation list, start the host with a new key pair and activate it.',
  });
};

/** A key that was announced before and lies here, unless what lies here got out too. */
const announcedBefore = ({ announcedKeys }: HostDescription, directory: string, reason: Reason): string | undefined =>
  reason === 'compromise' ? undefined : announcedKeys.find((kid) => existsSync(signingKeyFile(directory, kid)));

const announceNew = async (api: HostActsApi, dir: string, directory: string): Promise<string> => {
  const [hostKey, key] = [await readHostKey(dir), generateKeyPair()];
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_OWNER_ONLY });
  // On disk before anybody hears of it: what is announced can be changed to.
  await writePrivateKeyFile(signingKeyFile(directory, key.id), key);
  await api.announceKey(await signSigningKey({ hostKey, publicKey: key.publicJwk, iat: toNumericDate(systemClock.nowMs()) }));
  return key.id;
};

/** Changes as soon as the host lets it: it says how long it still waits for old copies of its published keys. */
const change = async (api: HostActsApi, order: { readonly kid: string; readonly reason: Reason }, say: (seconds: number) => void): Promise<SigningKeyChangedAnswer> => {
  for (;;) {
    try {
      return await api.changeKey(order);
    } catch (error) {
      const seconds = error instanceof CliFailure && error.problem?.code === 'signing-key-not-usable' ? error.problem.retryAfterSeconds : undefined;
      if (seconds === undefined) throw error;
      say(seconds);
      await delay(ASK_EVERY_MS);
    }
  }
};

/** What got out: the key that signed, and what was announced and lay beside it. The host key's word for them stands, so that only the vendor can take them back. */
const gotOutWith = ({ signingKey, announcedKeys }: HostDescription): readonly string[] => [...(signingKey === null ? [] : [signingKey]), ...announcedKeys];

const lines = ({ kid, position }: SigningKeyChangedAnswer, { signingKey }: HostDescription, gotOut: readonly string[]): readonly string[] => [
  `Key ${kid} signs from position ${position} on, in place of ${signingKey ?? 'none'}${gotOut.length > 0 ? ', which is gone' : ''}.`,
  ...(gotOut.length > 0 ? ['Machines believe what it signs until they hear otherwise from the vendor, who is to run:'] : []),
  ...gotOut.map((lost) => `  muster authority revoke-key ${lost} --reason compromised`),
];

/** Has another key sign for the host: made here, vouched for by the host key, published first. Interrupted, it goes on where it was when it is run again. */
export const rotateKey = async (options: RotateKeyOptions, terminal: Terminal): Promise<ExitCode> => {
  const access = findHost(options);
  const dir = findVendorDir(options);
  const directory = vendorFiles(dir).signingKeys;
  const reason: Reason = options.compromised === true ? 'compromise' : 'rotation';
  const described = await hostApi(access).describe();
  checkRotatable(described, reason);
  const api = hostActsApi(access);
  const kid = announcedBefore(described, directory, reason) ?? (await announceNew(api, dir, directory));
  let said = false;
  const answer = await change(api, { kid, reason }, (seconds) => {
    if (!said) terminal.note(`Announced ${kid}; it signs in ${seconds} s, when every cached copy of the published keys has it. Ctrl-C is safe: run the command again later.`);
    said = true;
  });
  const gotOut = reason === 'compromise' ? gotOutWith(described) : [];
  // The services remove them too; where they may not write, they are gone all the same.
  for (const lost of gotOut) rmSync(signingKeyFile(directory, lost), { force: true });
  if (terminal.json) terminal.data(JSON.stringify({ ...answer, previous: described.signingKey, reason, toRevoke: gotOut }));
  else for (const line of lines(answer, described, gotOut)) terminal.data(line);
  return exitCodes.ok;
};
