import type { Colour, Paint } from './paint.js';
import { painter } from './paint.js';

/** Where a command writes: data to standard output, everything said to a person to standard error. */
export interface Terminal {
  /** Data is JSON, and failures are problem documents. */
  readonly json: boolean;
  readonly verbose: boolean;
  /** Somebody watches standard error: progress may overwrite itself. */
  readonly watched: boolean;
  data(line: string): void;
  note(line: string): void;
  /** Replaces the last progress line; an empty one removes it. Nothing when nobody watches. */
  progress(line: string): void;
  /** Colours for standard error. */
  readonly paint: Paint;
  /** Colours for standard output. */
  readonly paintData: Paint;
}

export interface TerminalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** False when asked not to. */
  readonly color?: boolean;
}

export type { Colour, Paint };

const CLEAR_LINE = '\r\u001b[2K';

/** https://no-color.org: set and not empty means no colours, whatever the terminal can do. */
const colourful = (stream: NodeJS.WriteStream, { json = false, color = true }: TerminalOptions): boolean =>
  stream.isTTY && color && !json && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

export const processTerminal = (options: TerminalOptions): Terminal => {
  const { stdout, stderr } = process;
  const { json = false, verbose = false } = options;
  const watched = stderr.isTTY && !json;
  let progressShown = false;
  const clear = (): string => {
    const text = progressShown ? CLEAR_LINE : '';
    progressShown = false;
    return text;
  };
  return {
    json,
    verbose,
    watched,
    data: (line) => {
      const cleared = clear();
      if (cleared !== '') stderr.write(cleared);
      stdout.write(`${line}\n`);
    },
    note: (line) => void stderr.write(`${clear()}${line}\n`),
    progress: (line) => {
      if (!watched) return;
      stderr.write(`${clear()}${line}`);
      progressShown = line !== '';
    },
    paint: painter(colourful(stderr, options)),
    paintData: painter(colourful(stdout, options)),
  };
};
