import { mkdirSync, statSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where programs fetched for this user are kept: `$XDG_CACHE_HOME/muster`, or `~/.cache/muster`. */
export function defaultCacheDir(): string {
  const preferred = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'muster');
  if (isUsable(preferred)) return preferred;
  // A user without a home (a service account, a container) still gets a place, one that nobody else could have prepared.
  const substitute = join(tmpdir(), `muster-cache-${userInfo().uid}`);
  if (isUsable(substitute)) return substitute;
  throw new Error(`neither ${preferred} nor ${substitute} can be used as a cache of one's own; set XDG_CACHE_HOME to a directory that can`);
}

function isUsable(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(dir);
    return uid === userInfo().uid && (mode & 0o022) === 0 && (mode & 0o200) !== 0;
  } catch {
    return false;
  }
}
