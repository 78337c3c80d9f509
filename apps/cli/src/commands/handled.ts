import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ExitCode } from '../failure/exit-codes.js';
import type { Terminal, TerminalOptions } from '../terminal/terminal.js';
import { processTerminal } from '../terminal/terminal.js';

type Handler<Options> = (options: Options, terminal: Terminal) => Promise<ExitCode>;

/** The action of a command. Its code is loaded only when it runs: `muster host status` has no use for a database driver. */
export const handled =
  <Options>(load: () => Promise<Handler<Options>>) =>
  async (_own: unknown, command: Command): Promise<void> => {
    const options = command.optsWithGlobals<Options & TerminalOptions>();
    process.exitCode = await (await load())(options, processTerminal(options));
  };

/** Reads a whole number of an option. */
export const wholeNumber =
  ({ min, max }: { readonly min: number; readonly max: number }) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** Adds the options that say which host is meant, and who asks. */
export const withHost = (command: Command): Command =>
  command
    .option('--host <url>', 'address of the host (MUSTER_HOST; else the one that runs on --data)')
    .option('--token <token>', 'access token; better MUSTER_OPERATOR_TOKEN_FILE, which other users cannot see')
    .option('--ca <file>', 'certificates of the CA that the host is proved by, beside those of the system (MUSTER_CA_FILE)')
    .option('--data <dir>', 'data directory of a local host (the nearest .muster, here or above)');
