import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, readPrivateKeyFile, readPublicKeyFile, writePrivateKeyFile, writePublicKeyFile } from '../index.js';
import { exportPrivateKey } from './signing-key.js';

describe('key files', () => {
  let dir: string;
  let path: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'muster-keys-'));
    path = join(dir, 'key.json');
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('keep a private key for its owner alone', async () => {
    const key = generateKeyPair();
    expect(await writePrivateKeyFile(path, key)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readPrivateKeyFile(path)).id).toBe(key.id);
  });

  it('never replace a key, and leave no draft behind', async () => {
    const first = generateKeyPair();
    await writePrivateKeyFile(path, first);
    expect(await writePrivateKeyFile(path, generateKeyPair())).toBe(false);
    expect((await readPrivateKeyFile(path)).id).toBe(first.id);
    expect(await readdir(dir)).toEqual(['key.json']);
  });

  it('agree on one key when many write at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => writePrivateKeyFile(path, generateKeyPair())));
    expect(made.filter(Boolean)).toHaveLength(1);
    await expect(readPrivateKeyFile(path)).resolves.toBeDefined();
  });

  it.each([0o640, 0o604, 0o620, 0o601])('refuse a private key of mode %o, and say what to do', async (mode) => {
    await writePrivateKeyFile(path, generateKeyPair());
    await chmod(path, mode);
    await expect(readPrivateKeyFile(path)).rejects.toThrow(`chmod 600 ${path}`);
  });

  it('tell what is wrong with a damaged private key without quoting it', async () => {
    const { d } = exportPrivateKey(generateKeyPair());
    for (const content of [`{"d":"${d}"}`, `"${d}" and more`, '']) {
      await writeFile(path, content, { mode: 0o600 });
      const error: Error = await readPrivateKeyFile(path).then(
        () => new Error('accepted'),
        (refusal: unknown) => refusal as Error,
      );
      expect(error.message).toMatch(/is not JSON|not an Ed25519 private JWK/);
      expect(`${error.message} ${String(error.cause)}`).not.toContain(d);
    }
  });

  it('hold a public key without its private half', async () => {
    const key = generateKeyPair();
    await writePublicKeyFile(path, key.publicJwk);
    expect(await readPublicKeyFile(path)).toEqual(key.publicJwk);
    expect(await readFile(path, 'utf8')).not.toContain('"d"');
  });

  it('refuse a private key where a public one belongs', async () => {
    await writePrivateKeyFile(path, generateKeyPair());
    await expect(readPublicKeyFile(path)).rejects.toThrow('not an Ed25519 public JWK');
  });
});
