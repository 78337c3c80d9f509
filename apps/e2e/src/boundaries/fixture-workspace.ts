import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.js';

export interface FixtureWorkspace {
  readonly root: string;
  readonly write: (path: string, text: string) => void;
  readonly remove: () => void;
}

const SHARED_FILES = ['.dependency-cruiser.js', 'tools/boundaries.js', 'tsconfig.base.json', 'package.json'];

const projectFolders = (): readonly string[] =>
  ['apps', 'libs'].flatMap((room) =>
    readdirSync(join(repositoryRoot, room))
      .map((name) => `${room}/${name}`)
      .filter((folder) => existsSync(join(repositoryRoot, folder, 'package.json'))),
  );

/**
 * A workspace in the temporary folder with the rules and the package.json files of this one, and no code: what stands in it, a test wrote.
 * Never a file in the real tree, where a build or a linter running at the same time would trip over it.
 *
 * @param npmPackages names of packages to pretend are installed
 */
export const fixtureWorkspace = (npmPackages: readonly string[]): FixtureWorkspace => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'muster-boundaries-')));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const file of SHARED_FILES) cpSync(join(repositoryRoot, file), join(root, file));
  mkdirSync(join(root, 'node_modules/@muster'), { recursive: true });
  for (const folder of projectFolders()) {
    mkdirSync(join(root, folder), { recursive: true });
    cpSync(join(repositoryRoot, folder, 'package.json'), join(root, folder, 'package.json'));
    symlinkSync(join(root, folder), join(root, 'node_modules/@muster', folder.slice(folder.indexOf('/') + 1)));
  }
  for (const name of npmPackages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  return { root, write, remove: () => { rmSync(root, { recursive: true, force: true }); } };
};
