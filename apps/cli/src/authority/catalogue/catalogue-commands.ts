import type { VendorCatalogue } from '@muster/contracts';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { counted } from '../../terminal/words.js';
import { authorityApi } from '../access/authority-api.js';
import type { AuthorityOptions } from '../access/find-authority.js';
import { findAuthority } from '../access/find-authority.js';
import { readCatalogue } from './read-catalogue.js';

const summary = ({ vendor, groups, pools, products }: VendorCatalogue): string =>
  `${vendor}: ${counted(groups.length, 'group')}, ${counted(pools.length, 'pool')}, ${counted(products.length, 'product')}`;

/** Says everything that is wrong with a catalogue file; needs no authority. */
export const checkCatalogue =
  (file: string) =>
  (_options: AuthorityOptions, terminal: Terminal): Promise<ExitCode> => {
    const catalogue = readCatalogue(file);
    terminal.data(terminal.json ? JSON.stringify({ valid: true, vendor: catalogue.vendor }) : `Good: ${summary(catalogue)}.`);
    return Promise.resolve(exitCodes.ok);
  };

/** Puts a catalogue file in force. */
export const applyCatalogue =
  (file: string) =>
  async (options: AuthorityOptions, terminal: Terminal): Promise<ExitCode> => {
    const catalogue = readCatalogue(file);
    const answer = await authorityApi(findAuthority(options)).adopt(catalogue);
    if (terminal.json) terminal.data(JSON.stringify(answer));
    else terminal.data(answer.adopted ? `In force from position ${answer.position} on: ${summary(catalogue)}.` : 'It is in force already; nothing was changed.');
    return exitCodes.ok;
  };

/** Prints the catalogue in force, as a file that can be applied. */
export const showCatalogue = async (options: AuthorityOptions, terminal: Terminal): Promise<ExitCode> => {
  terminal.data(JSON.stringify(await authorityApi(findAuthority(options)).catalogue(), undefined, 2));
  return exitCodes.ok;
};
