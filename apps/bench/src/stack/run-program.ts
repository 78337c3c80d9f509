import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stoppables } from './stoppables.js';

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stoppables: Stoppables;
}

/** How much of what a failed program said is quoted. */
const ERROR_CHARACTERS_MAX = 2000;

/** Runs a program to its end and answers its standard output. Rejects, quoting its standard error, when it fails. */
export const runProgram = async ({ command, args, env = {}, cwd, stoppables }: ProgramOptions): Promise<string> => {
  const running = promisify(execFile)(command, args, { env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) });
  const stop = stoppables.add(async () => void running.child.kill());
  try {
    return (await running).stdout;
  } catch (error) {
    const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
    throw new Error(`${command} failed: ${stderr.trim().slice(-ERROR_CHARACTERS_MAX) || message}`, { cause: error });
  } finally {
    await stop();
  }
};
