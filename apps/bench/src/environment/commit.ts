import { fileURLToPath } from 'node:url';
import { runProgram } from '../stack/run-program.js';
import type { Stoppables } from '../stack/stoppables.js';

/** What was measured: the commit, and whether files differed from it. */
export interface Measured {
  readonly commit: string;
  readonly changed: boolean;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));

export const describeCommit = async (stoppables: Stoppables): Promise<Measured> => {
  const git = (...args: readonly string[]): Promise<string> => runProgram({ command: 'git', args, cwd: HERE, stoppables });
  try {
    const commit = (await git('rev-parse', '--short', 'HEAD')).trim();
    return { commit, changed: (await git('status', '--porcelain', '--untracked-files=no')).trim() !== '' };
  } catch {
    return { commit: 'unknown', changed: true }; // an unpacked archive, or no git
  }
};
