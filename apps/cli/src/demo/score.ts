import type { Terminal } from '../terminal/terminal.js';

/** Keeps the score: what had to hold, and whether it did. */
export interface Score {
  /** Notes a line that is printed otherwise. */
  note(ok: boolean, text: string): void;
  /** Notes a line and prints it with its verdict. */
  check(ok: boolean, text: string): void;
  readonly lines: readonly { readonly text: string; readonly ok: boolean }[];
}

/** Prints for a person; in JSON mode only the score itself is data. */
export const say = (terminal: Terminal, line: string): void => {
  if (!terminal.json) terminal.data(line);
};

export const keepScore = (terminal: Terminal): Score => {
  const lines: { text: string; ok: boolean }[] = [];
  return {
    lines,
    note: (ok, text) => void lines.push({ ok, text }),
    check: (ok, text) => {
      lines.push({ ok, text });
      say(terminal, `     ${text}  ${ok ? terminal.paintData('green', '✓') : terminal.paintData('red', '✗')}`);
    },
  };
};
