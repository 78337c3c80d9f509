import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';

/** Shows the answer to an order, or what a dry run would have come to. */
export const sayOrder = (answer: object, words: string, terminal: Terminal): ExitCode => {
  terminal.data(terminal.json ? JSON.stringify(answer) : words);
  return exitCodes.ok;
};

export const DNS_FOLLOWS = 'DNS follows within seconds, or as soon as it can be reached: `muster dns status` shows it.';
