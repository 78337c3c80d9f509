import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from '../boundaries/repository-root.js';

/** What a product takes in: the client, and what it needs at run time. */
export const PUBLISHED = ['kernel', 'contracts', 'trust', 'client'] as const;

/** As strict as a vendor may be; also about the types that are shipped, hence no `skipLibCheck`. */
const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2023'],
  types: ['node'],
  typeRoots: [join(repositoryRoot, 'node_modules/@types')],
};

/** Without what an outer npm and Jest say to their own children: a vendor's shell has none of it. */
const cleanEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS|INIT_CWD|npm_(command|execpath|lifecycle_.*|package_.*|config_local_prefix|config_workspaces?))$/i.test(name)));

const run = async (program: string, args: readonly string[], { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }): Promise<string> => {
  const child = spawn(program, [...args], { cwd, env: { ...cleanEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
};

const bytesBelow = (path: string): number => {
  const stat = lstatSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0) : stat.size;
};

/** A vendor's product in an empty folder: what was published is installed there, and nothing of this workspace is near it. */
export interface Consumer {
  readonly dir: string;
  /** Package names as installed. */
  readonly packages: readonly string[];
  readonly bytes: number;
  /** The files that were published, by package. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  write(file: string, content: string): void;
  /** With tsc. @throws Error with its findings */
  compile(): Promise<void>;
  /** A compiled program; what it printed, line by line. */
  start(file: string, env: NodeJS.ProcessEnv): Promise<readonly string[]>;
  remove(): void;
}

/** What npm has put into a folder, without the directories' own names. */
const filesBelow = (dir: string, under = ''): readonly string[] =>
  readdirSync(join(dir, under), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(dir, join(under, entry.name)) : [join(under, entry.name)]));

/** Packs what is published, as `npm publish` would, and installs it from the files. */
export const installPublished = async (): Promise<Consumer> => {
  const place = mkdtempSync(join(tmpdir(), 'muster-sdk-'));
  const remove = (): void => rmSync(place, { recursive: true, force: true });
  try {
    const [packed, dir] = [join(place, 'packed'), join(place, 'product')];
    for (const folder of [packed, dir]) mkdirSync(folder);
    await run('npm', ['pack', ...PUBLISHED.map((name) => `./libs/${name}`), '--pack-destination', packed], { cwd: repositoryRoot });
    const write = (file: string, content: string): void => writeFileSync(join(dir, file), content);
    write('package.json', JSON.stringify({ name: 'product', private: true, type: 'module' }));
    const tarballs = readdirSync(packed).map((name) => join(packed, name));
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', ...tarballs], { cwd: dir });
    const { packages } = JSON.parse(readFileSync(join(dir, 'node_modules/.package-lock.json'), 'utf8')) as { readonly packages: object };
    const modules = join(dir, 'node_modules');
    return {
      dir,
      packages: Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
      bytes: bytesBelow(modules),
      files: new Map(PUBLISHED.map((name) => [name, filesBelow(join(modules, '@muster', name))])),
      write,
      compile: async () => {
        write('tsconfig.json', JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] }));
        await run(process.execPath, [join(repositoryRoot, 'node_modules/typescript/bin/tsc'), '--project', dir], { cwd: dir });
      },
      start: async (file, env) => (await run(process.execPath, [file], { cwd: dir, env })).trimEnd().split('\n'),
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
};
