import type { Terminal } from '../../terminal/terminal.js';
import type { HostJournal } from './host-journal.js';
import { readLogLine, WARNING_LEVEL } from './log-line.js';

const ERROR_LEVEL = 50;

/** The start as a person watches it: steps and what is wrong; what services say of themselves only when asked for. */
export const terminalJournal = (terminal: Terminal): HostJournal => {
  const { paint, note, verbose } = terminal;
  return {
    step: (text) => note(`${paint('green', '✓')} ${text}`),
    info: (text) => note(`  ${paint('dim', text)}`),
    warn: (text) => note(`${paint('yellow', '!')} ${text}`),
    serviceLine: (name, line) => {
      if (verbose) return note(`${paint('dim', `[${name}]`)} ${line}`);
      const { level, text } = readLogLine(line);
      if (level >= WARNING_LEVEL) note(`${paint(level >= ERROR_LEVEL ? 'red' : 'yellow', `[${name}]`)} ${text}`);
    },
  };
};
