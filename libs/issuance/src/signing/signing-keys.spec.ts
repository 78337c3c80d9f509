import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aKey } from '@muster/testing';
import { signingKeyFile, writePrivateKeyFile } from '@muster/trust';
import { signingKeysIn } from './signing-keys.js';

describe('the signing keys in a directory', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-signing-keys-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are found by their names without a restart, and gone once they are forgotten', async () => {
    const [hostKey, next] = [aKey('host'), aKey('next')];
    const keys = signingKeysIn({ hostKey, directory });
    expect((await keys.find(hostKey.id))?.id).toBe(hostKey.id);
    expect(await keys.find(next.id)).toBeUndefined();
    await writePrivateKeyFile(signingKeyFile(directory, next.id), next);
    expect((await keys.find(next.id))?.id).toBe(next.id);
    await keys.forget(next.id);
    expect([await keys.find(next.id), existsSync(signingKeyFile(directory, next.id))]).toEqual([undefined, false]);
    await keys.forget(next.id);
    await expect(keys.forget(hostKey.id)).rejects.toThrow('vouches');
  });

  it('are not believed by their names alone, nor read where others may', async () => {
    const [hostKey, next, other] = [aKey('host'), aKey('next'), aKey('other')];
    const keys = signingKeysIn({ hostKey, directory });
    await writePrivateKeyFile(signingKeyFile(directory, other.id), next);
    await expect(keys.find(other.id)).rejects.toThrow('another key than its name says');
    chmodSync(signingKeyFile(directory, other.id), 0o644);
    await expect(keys.find(other.id)).rejects.toThrow('others may use it');
  });
});
