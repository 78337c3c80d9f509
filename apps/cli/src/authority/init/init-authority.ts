import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { dottedName } from '@muster/contracts';
import { readPublicKeyFile, thumbprintOf, verifyIntermediateCertificate } from '@muster/trust';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dateOf } from '../../terminal/words.js';
import { AUTHORITY_DIR_NAME, authorityPaths, findAuthorityDir } from '../access/authority-dir.js';
import type { VendorKeys } from './vendor-keys.js';
import { makeVendor, renewIntermediate } from './vendor-keys.js';

export interface InitOptions {
  readonly data?: string;
  readonly vendor: string;
  readonly days: number;
}

export interface RenewOptions {
  readonly data?: string;
  readonly rootKey?: string;
  readonly days: number;
}

const tell = (dir: string, vendor: string, keys: VendorKeys, terminal: Terminal, lines: readonly string[]): ExitCode => {
  const paths = authorityPaths(dir);
  if (terminal.json) terminal.data(JSON.stringify({ vendor, ...keys, expiresAt: new Date(keys.expiresAt * 1000).toISOString(), rootFile: paths.rootPublic, rootPrivateFile: paths.rootPrivate }));
  else for (const line of lines) terminal.data(line);
  return exitCodes.ok;
};

/** Makes the vendor: its root, and the intermediate that signs day to day. */
export const initAuthority = async ({ data = AUTHORITY_DIR_NAME, vendor, days }: InitOptions, terminal: Terminal): Promise<ExitCode> => {
  if (!dottedName.safeParse(vendor).success) throw new CliFailure('usage', `${vendor} is no name for a vendor.`, { remedy: 'Use lower-case letters and digits, joined by dots or hyphens.' });
  const dir = resolve(data);
  const keys = await makeVendor(dir, { vendor, days });
  const paths = authorityPaths(dir);
  return tell(dir, vendor, keys, terminal, [
    `The vendor ${vendor} is made. Its intermediate signs until ${dateOf(keys.expiresAt)}.`,
    '',
    `  ${paths.rootPublic}   pin this one in the products, and give it to those who run hosts`,
    `  ${paths.rootPrivate}  move this one away now: only a new intermediate needs it again`,
    '',
    'Next: `muster authority run`, then `muster authority catalogue apply FILE`.',
  ]);
};

/** Makes a new intermediate with the root that was brought back for it; the authority signs with it from its next start. */
export const renewAuthority = async ({ data, rootKey, days }: RenewOptions, terminal: Terminal): Promise<ExitCode> => {
  const dir = data === undefined ? findAuthorityDir(process.cwd()) : resolve(data);
  if (dir === undefined) throw new CliFailure('notFound', 'There is no authority here.', { remedy: 'Name its directory by --data DIR.' });
  const paths = authorityPaths(dir);
  const root = await readPublicKeyFile(paths.rootPublic);
  const { iss: vendor } = await verifyIntermediateCertificate((await readFile(paths.intermediate, 'utf8')).trim(), { root, atMs: 'any-time' });
  const keys = await renewIntermediate(dir, { vendor, days, root: thumbprintOf(root), rootKeyFile: rootKey ?? paths.rootPrivate });
  return tell(dir, vendor, keys, terminal, [
    `A new intermediate signs for ${vendor} until ${dateOf(keys.expiresAt)}, from the next start of the authority on.`,
    'Hosts fetch their policies again (`muster host install-key`) before they activate the next time.',
  ]);
};
