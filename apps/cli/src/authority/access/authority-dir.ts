import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { dataDirPaths } from '../../data-dir/data-dir.js';

export const AUTHORITY_DIR_NAME = '.muster-authority';

/** Where everything of an authority is kept; what it shares with a host lies at the same place there. */
export const authorityPaths = (dir: string) => ({
  ...dataDirPaths(dir),
  keys: join(dir, 'keys'),
  /** To be pinned in the products. */
  rootPublic: join(dir, 'keys', 'vendor-root.public.json'),
  /** To be moved away: only `init` and `renew-intermediate` need it. */
  rootPrivate: join(dir, 'keys', 'vendor-root.private.json'),
  intermediatePrivate: join(dir, 'keys', 'intermediate.private.json'),
  intermediate: join(dir, 'keys', 'intermediate.jws'),
});

/** The nearest authority here or in a directory above. */
export const findAuthorityDir = (from: string): string | undefined => {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    const candidate = join(dir, AUTHORITY_DIR_NAME);
    if (existsSync(authorityPaths(candidate).intermediate)) return candidate;
    if (dirname(dir) === dir) return undefined;
  }
};
