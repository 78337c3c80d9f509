import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { failureOf } from '../dns-failure.fixture.js';
import { isDnsFailure } from '../dns-failure.js';
import { FIXED_SECRET, fixedKey } from './nsupdate.fixture.js';
import { parseTsigKeys, readTsigKeyFile } from './tsig-key-file.js';

const place = mkdtempSync(join(tmpdir(), 'muster-tsig-'));
afterAll(() => rmSync(place, { recursive: true }));

const key = (name: string, { algorithm = 'hmac-sha256', secret = FIXED_SECRET } = {}): string => `key "${name}" {\n\talgorithm ${algorithm};\n\tsecret "${secret}";\n};\n`;
const file = (text: string, mode = 0o600): string => {
  const path = join(place, 'registrar.key');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

describe('a key file', () => {
  it('as tsig-keygen writes it is read', async () => {
    const read = await readTsigKeyFile(file(key('registrar')));
    expect({ ...read, secret: read.secret.export().toString('base64') }).toEqual({ name: 'registrar', algorithm: 'hmac-sha256', secret: FIXED_SECRET });
  });

  it('may hold comments, several keys, and a group that reads it', async () => {
    const text = `# ours\n// and\n/* theirs;\n} */ ${key('a-key', { algorithm: 'HMAC-SHA512' })} ${key('b-key')}`;
    expect((await readTsigKeyFile(file(text, 0o640), { name: 'A-KEY' })).algorithm).toBe('hmac-sha512');
    expect((await failureOf(readTsigKeyFile(file(text)))).detail).toContain('several keys (a-key, b-key)');
    expect((await failureOf(readTsigKeyFile(file(text), { name: 'c' }))).detail).toContain('no key c');
  });

  it('that everybody may read is refused', async () => {
    expect((await failureOf(readTsigKeyFile(file(key('registrar'), 0o644)))).detail).toContain('chmod o=');
  });

  it('that is not there is refused with the reason', async () => {
    expect((await failureOf(readTsigKeyFile(join(place, 'none')))).detail).toContain('ENOENT');
  });

  it.each([
    ['MD5', key('k', { algorithm: 'hmac-md5' }), 'algorithm hmac-md5 is not one of'],
    ['SHA-1', key('k', { algorithm: 'hmac-sha1' }), 'algorithm hmac-sha1 is not one of'],
    ['a secret of 8 bytes', key('k', { secret: 'AAECAwQFBgc=' }), '8 bytes, fewer than 16'],
    ['what is not base64', key('k', { secret: '!!!!' }), 'not base64'],
    ['a name that is none', key('a b'), 'not a label'],
    ['another statement', 'include "/etc/shadow";', '‘key’'],
    ['an end in the middle', 'key "k" { algorithm hmac-sha256; secret "AAAA', '‘'],
    ['nothing', '', 'holds no key'],
  ])('with %s is refused', async (_what, text, detail) => {
    expect((await failureOf(readTsigKeyFile(file(text)))).detail).toContain(detail);
  });

  it('of random words is refused with a typed error that does not quote the secret', () => {
    const word = fc.constantFrom('key', '{', '}', ';', '"', ' ', 'algorithm', 'hmac-sha256', 'secret', `"${FIXED_SECRET}"`, '/*', '*/', '#', '\n', 'x');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        try {
          parseTsigKeys(words.join(' '));
        } catch (error) {
          expect(isDnsFailure(error, 'invalid')).toBe(true);
          expect(String(error)).not.toContain(FIXED_SECRET);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a key', () => {
  it('shows its secret in no log', () => {
    const hex = Buffer.from(FIXED_SECRET, 'base64').toString('hex');
    for (const text of [inspect(fixedKey, { depth: 9, showHidden: true }), JSON.stringify(fixedKey), `${String(fixedKey.secret)}`]) {
      expect(text).not.toContain(FIXED_SECRET);
      expect(text).not.toContain(hex);
    }
  });
});
