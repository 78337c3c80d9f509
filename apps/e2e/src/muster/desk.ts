import assert from 'node:assert/strict';
import type { Typed } from './launch-muster.js';
import { typeMuster } from './launch-muster.js';

/** What `muster` ends with; see `muster --help`. */
export const exits = { ok: 0, usage: 2, notFound: 3, authentication: 4, conflict: 5, notActivated: 6, unreachable: 7 } as const;

export interface Line {
  /** Typed when the command reads from standard input. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Failure extends Line {
  readonly exit: keyof typeof exits;
  /** What it has to say to whoever typed it. */
  readonly says: RegExp;
}

const shown = (args: readonly string[]): string => `muster ${args.join(' ')}`;

/** What is typed where it does not show is not printed either, right or wrong. */
const checkNotShown = (args: readonly string[], { stdout, stderr }: Typed, { input = '' }: Line): void => assert.ok(input === '' || !`${stdout}${stderr}`.includes(input), `${shown(args)} prints the secret that was typed`);

const end = (args: readonly string[], { code, stdout, stderr }: Typed): string => `${shown(args)} ended with ${code}:\n${stdout}${stderr}`;

/** Somebody at a terminal, who types commands and reads what they print. */
export interface Desk {
  /** A command that does what it was asked to; answers what it printed as data. */
  type(args: readonly string[], line?: Line): Promise<string>;
  /** The same, its data read as JSON. */
  typeJson<T>(args: readonly string[], line?: Line): Promise<T>;
  /** A command that must not do what it was asked to, and must say why. */
  fail(args: readonly string[], failure: Failure): Promise<string>;
}

export const openDesk = (cwd: string): Desk => {
  const type = async (args: readonly string[], line: Line = {}): Promise<string> => {
    const typed = await typeMuster(args, { ...line, cwd });
    assert.equal(typed.code, exits.ok, end(args, typed));
    checkNotShown(args, typed, line);
    return typed.stdout;
  };
  return {
    type,
    typeJson: async <T>(args: readonly string[], line: Line = {}) => JSON.parse(await type(['--json', ...args], line)) as T,
    fail: async (args, { exit, says, ...line }) => {
      const typed = await typeMuster(args, { ...line, cwd });
      assert.equal(typed.code, exits[exit], end(args, typed));
      const said = `${typed.stdout}${typed.stderr}`;
      assert.match(said, says, end(args, typed));
      checkNotShown(args, typed, line);
      return said;
    },
  };
};
