import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new private directory, and the function that removes it with all it holds. */
export function temporaryDir(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'muster-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
