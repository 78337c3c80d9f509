import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './tidy-rule.js';

/** Events that shipped: ledgers all over hold bodies of this form, for ever. */
const FROZEN = /^libs\/contracts\/fixtures\/events\/[^/]+\.v\d+\.json$/;

type Git = (...args: readonly string[]) => string;

const gitIn =
  (root: string): Git =>
  (...args) => {
    const run = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (run.status !== 0) throw new Error(`git ${args.join(' ')}: ${run.stderr}`);
    return run.stdout;
  };

/** Why the history cannot be asked, or undefined when it can. */
export const historyMissing = (root: string): string | undefined => {
  const run = spawnSync('git', ['-C', root, 'rev-parse', '--is-shallow-repository'], { encoding: 'utf8' });
  if (run.error !== undefined) return 'git is not installed';
  if (run.status !== 0) return 'this is no git repository, or git distrusts its owner';
  return run.stdout.trim() === 'true' ? 'the clone is shallow: its history begins in the middle' : undefined;
};

/** The commit that first added each frozen fixture. */
const firstCommits = (git: Git): ReadonlyMap<string, string> => {
  const first = new Map<string, string>();
  let commit = '';
  // Newest first, so that the oldest addition of a path is what remains.
  for (const line of git('log', '--no-renames', '--diff-filter=A', '--format=commit %H', '--name-only', '--', 'libs/contracts/fixtures/events').split('\n')) {
    if (line.startsWith('commit ')) commit = line.slice('commit '.length);
    else if (FROZEN.test(line)) first.set(line, commit);
  }
  return first;
};

/** Compares each fixture with the bytes it was first committed with. A deleted one is a finding too. */
export const changedFixtures = (root: string): readonly Finding[] => {
  const git = gitIn(root);
  return [...firstCommits(git)].flatMap(([path, commit]) => {
    if (!existsSync(join(root, path))) return [{ path, what: 'was deleted, but ledgers still hold such events' }];
    const shipped = git('show', `${commit}:${path}`);
    return readFileSync(join(root, path), 'utf8') === shipped ? [] : [{ path, what: `differs from what ${commit.slice(0, 7)} froze: a change is a new version` }];
  });
};
