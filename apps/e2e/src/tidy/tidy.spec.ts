import { repositoryRoot } from '../boundaries/repository-root.js';
import { markdownRules } from './markdown.rules.js';
import { repositoryFiles } from './repository-files.js';
import { textRules } from './text.rules.js';
import { describeFinding } from './tidy-rule.js';
import { workspaceRules } from './workspace.rules.js';

const rules = [...textRules, ...markdownRules, ...workspaceRules];

describe.each(rules)('tidy: $name ($reason)', ({ check, samples }) => {
  it('holds in the whole repository', () => {
    expect(check(repositoryFiles(repositoryRoot)).map(describeFinding)).toEqual([]);
  });

  it('finds what it is there for, and nothing else', () => {
    for (const bad of samples.bad) expect({ bad, findings: check(bad).length }).not.toMatchObject({ findings: 0 });
    for (const good of samples.good) expect(check(good)).toEqual([]);
  });
});

describe('tidy: the walk', () => {
  it('sees code, documents and the files of the top, and skips what is built', () => {
    const paths = new Set(repositoryFiles(repositoryRoot).map(({ path }) => path));
    expect([...paths]).toEqual(expect.arrayContaining(['package.json', '.ci/run', 'Dockerfile', 'docker-compose.yml', 'libs/kernel/src/index.ts', 'deploy/README.md']));
    expect([...paths].filter((path) => /(^|\/)(node_modules|dist)\//.test(path) || path === 'package-lock.json')).toEqual([]);
  });
});
