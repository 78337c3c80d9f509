import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './replace-file.js';

describe('writing a file whole', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-replace-file-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('replaces what was there, for its owner only, and leaves no draft', () => {
    const path = join(dir, 'new', 'file');
    replaceFile(path, 'one');
    replaceFile(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(dir, 'new'))).toEqual(['file']);
    expect([statSync(path).mode & 0o777, statSync(join(dir, 'new')).mode & 0o777]).toEqual([0o600, 0o700]);
  });
});
