import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../boundaries/repository-root.js';
import { changedFixtures, historyMissing } from './frozen-fixtures.js';

const FIXTURE = 'libs/contracts/fixtures/events/MachineSeen.v1.json';

const missing = historyMissing(repositoryRoot);
if (missing !== undefined) process.stderr.write(`\nSKIPPED: frozen event fixtures are not compared with their first version: ${missing}\n\n`);
const itWithHistory = missing === undefined ? it : it.skip;
const itWithGit = spawnSync('git', ['--version']).status === 0 ? it : it.skip;

describe('event fixtures, once committed', () => {
  itWithHistory('are never changed nor deleted: ledgers hold such events for ever', () => {
    expect(changedFixtures(repositoryRoot)).toEqual([]);
  });

  describe('in a history of its own', () => {
    let root: string;
    const git = (...args: readonly string[]): void => {
      const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null'];
      const run = spawnSync('git', ['-C', root, ...identity, ...args], { encoding: 'utf8' });
      if (run.status !== 0) throw new Error(run.stderr);
    };
    const write = (text: string): void => {
      mkdirSync(join(root, 'libs/contracts/fixtures/events'), { recursive: true });
      writeFileSync(join(root, FIXTURE), text);
    };
    const commit = (message: string): void => {
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
    };

    beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'muster-frozen-')); });
    afterEach(() => { rmSync(root, { recursive: true, force: true }); });

    itWithGit('a change is found, also when it was committed', () => {
      git('init', '--quiet');
      write('{"a":1}\n');
      commit('first');
      expect(changedFixtures(root)).toEqual([]);
      write('{"a":2}\n');
      expect(changedFixtures(root)).toHaveLength(1);
      commit('second');
      expect(changedFixtures(root)).toEqual([{ path: FIXTURE, what: expect.stringContaining('a change is a new version') as string }]);
    });

    itWithGit('a deletion is found, and so is one that came back as something else', () => {
      git('init', '--quiet');
      write('{"a":1}\n');
      commit('first');
      rmSync(join(root, FIXTURE));
      commit('second');
      expect(changedFixtures(root)).toEqual([{ path: FIXTURE, what: expect.stringContaining('deleted') as string }]);
      write('{"a":3}\n');
      commit('third');
      expect(changedFixtures(root)).toHaveLength(1);
    });

    it('no history is said, not passed over', () => {
      expect(historyMissing(root)).toMatch(/git/);
    });
  });
});
