/**
 * Writes what npm must know to install one app as it runs, and nothing that only building or testing needs:
 * the app's package.json, those of the workspace packages it depends on, all without devDependencies, a root that names just these, and the lock file.
 *
 *   node deploy/runtime-manifests.js activation /runtime
 *   cd /runtime && npm install --package-lock-only && npm ci
 *
 * (`npm ci --workspace apps/activation --omit=dev` in the whole workspace would also install what the test packages depend on.)
 * Prints the folders it took, one a line: what else of them runs is `dist`, `bin` and `guard`.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = new URL('..', import.meta.url).pathname;
const [app, out] = process.argv.slice(2);
if (app === undefined || out === undefined) {
  process.stderr.write('usage: node deploy/runtime-manifests.js APP DIRECTORY\n');
  process.exit(64);
}

const read = (folder) => JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
const write = (folder, manifest) => {
  mkdirSync(join(out, folder), { recursive: true });
  writeFileSync(join(out, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
};

const folderOf = new Map(
  ['apps', 'libs'].flatMap((room) =>
    readdirSync(join(repository, room), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => [read(`${room}/${name}`).name, `${room}/${name}`]),
  ),
);

const needed = new Set();
const take = (folder) => {
  if (needed.has(folder)) return;
  needed.add(folder);
  for (const name of Object.keys(read(folder).dependencies ?? {})) if (folderOf.has(name)) take(folderOf.get(name));
};
take(`apps/${app}`);

const { devDependencies: _tools, scripts: _verbs, ...root } = read('.');
write('.', { ...root, workspaces: [...needed] });
for (const folder of needed) {
  const { devDependencies: _tests, ...manifest } = read(folder);
  write(folder, manifest);
}
for (const file of ['package-lock.json', '.npmrc']) cpSync(join(repository, file), join(out, file));
process.stdout.write(`${[...needed].join('\n')}\n`);
