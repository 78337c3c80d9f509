import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextFile } from './tidy-rule.js';

/** What .gitignore leaves out, and git's own folder. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'out-tsc', '.nx', '.muster', '.git', 'coverage']);
const TEXT_FILE = /(\.(ts|m?js|json|md|ya?ml|sql|sh|conf|example)|^Dockerfile|^\.[a-z-]+|\/\.ci\/run)$/;
/** Written by npm for npm. */
const GENERATED = new Set(['package-lock.json']);

const pathsBelow = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : pathsBelow(root, path);
    return entry.isFile() ? [path] : [];
  });

/** Every text file that people keep in the repository, committed or not yet. */
export const repositoryFiles = (root: string): readonly TextFile[] =>
  pathsBelow(root, '')
    .filter((path) => !GENERATED.has(path) && (TEXT_FILE.test(path) || path === '.ci/run'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
