import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.js';
import { runCommand } from './run-command.js';

const APT_TIMEOUT_MS = 300_000; // the package lists are 10 MB: minutes on a slow line

/**
 * Unpacks Debian packages (those named, not what they depend on) below the cache directory, without root and without touching the system's own
 * package state. Answers the directory that plays the part of `/`; it is complete or not there, also when several processes do this at once.
 */
export async function unpackPackages(options: { packages: readonly string[]; cacheDir: string; log: Log }): Promise<string> {
  const { packages, cacheDir, log } = options;
  const release = await readRelease();
  const root = join(cacheDir, release, [...packages].sort().join('+'));
  if (existsSync(root)) return root;

  log(`fetching ${packages.join(', ')} with apt into ${cacheDir} (once)`);
  const work = `${root}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(work, { recursive: true, mode: 0o700 });
  try {
    const downloads = await download(packages, work);
    const unpacked = join(work, 'root');
    for (const file of downloads) await runCommand('dpkg', ['-x', file, unpacked], { cwd: work, timeoutMs: APT_TIMEOUT_MS });
    await rename(unpacked, root).catch((error: unknown) => {
      if (!existsSync(root)) throw error; // otherwise another process finished the same first
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return root;
}

async function download(packages: readonly string[], work: string): Promise<readonly string[]> {
  const state = join(work, 'state');
  const cache = join(work, 'cache');
  const target = join(work, 'packages');
  for (const dir of [join(state, 'lists/partial'), join(cache, 'archives/partial'), target]) await mkdir(dir, { recursive: true });
  const config = join(work, 'apt.conf');
  await writeFile(config, aptConfig({ state, cache }));
  await runCommand('apt-get', ['-q', '-c', config, 'update'], { cwd: target, timeoutMs: APT_TIMEOUT_MS });
  await runCommand('apt-get', ['-q', '-c', config, 'download', ...packages], { cwd: target, timeoutMs: APT_TIMEOUT_MS });
  return (await readdir(target)).filter((name) => name.endsWith('.deb')).map((name) => join(target, name));
}

/** The machine's own sources, keys and proxies, but state of our own, and none of the hooks that tell the desktop about updates. */
function aptConfig({ state, cache }: { state: string; cache: string }): string {
  return [
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    `Dir::State "${state}";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${cache}";`,
    'APT::Sandbox::User "";', // root would otherwise download as `_apt`, who may not enter a private directory
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    '',
  ].join('\n');
}

/** Packages of one release and architecture do not run on another: a home directory may be shared, and systems are upgraded. */
async function readRelease(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string): string | undefined => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
  return `${field('ID') ?? process.platform}-${field('VERSION_ID') ?? 'rolling'}-${process.arch}`;
}
