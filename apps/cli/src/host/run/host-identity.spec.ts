import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aKey } from '@muster/testing';
import { writePublicKeyFile } from '@muster/trust';
import { ensureHostIdentity } from './host-identity.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-host-identity-'));
afterAll(() => rmSync(dir, { recursive: true }));

const NOW_MS = Date.UTC(2026, 10, 22);

const rootOf = async (seed: string): Promise<string> => {
  const file = join(dir, `${seed}.json`);
  await writePublicKeyFile(file, aKey(seed).publicJwk);
  return file;
};

describe('who a host is', () => {
  it('without a vendor: a host of a development vendor, with a certificate', async () => {
    const place = join(dir, 'development');
    const identity = await ensureHostIdentity({ dir: place, nowMs: NOW_MS });
    expect(identity.hostCertificateFile).toBeDefined();
    expect(await ensureHostIdentity({ dir: place, nowMs: NOW_MS })).toEqual(identity);
    await expect(ensureHostIdentity({ dir: place, nowMs: NOW_MS, vendorRoot: await rootOf('acme') })).rejects.toMatchObject({ reason: 'conflict' });
  });

  it('with a vendor: a key pair of its own, the pinned root, and no certificate yet; the same at every start', async () => {
    const [place, vendorRoot] = [join(dir, 'vendor'), await rootOf('acme')];
    const identity = await ensureHostIdentity({ dir: place, nowMs: NOW_MS, vendorRoot });
    expect(identity.hostCertificateFile).toBeUndefined();
    expect(JSON.parse(readFileSync(identity.rootFile, 'utf8'))).toEqual(aKey('acme').publicJwk);
    const key = readFileSync(identity.hostKeyFile, 'utf8');
    for (const again of [{}, { vendorRoot }]) expect(await ensureHostIdentity({ dir: place, nowMs: NOW_MS, ...again })).toEqual(identity);
    expect(readFileSync(identity.hostKeyFile, 'utf8')).toBe(key);
    await expect(ensureHostIdentity({ dir: place, nowMs: NOW_MS, vendorRoot: await rootOf('another') })).rejects.toMatchObject({ reason: 'conflict' });
  });

  it('is not another one because its key is gone, unless somebody says so', async () => {
    const [place, vendorRoot] = [join(dir, 'lost'), await rootOf('acme')];
    const { hostKeyFile } = await ensureHostIdentity({ dir: place, nowMs: NOW_MS, vendorRoot });
    rmSync(hostKeyFile);
    await expect(ensureHostIdentity({ dir: place, nowMs: NOW_MS })).rejects.toMatchObject({ reason: 'conflict', remedy: expect.stringContaining('Restore') as unknown });
    expect(existsSync(hostKeyFile)).toBe(false);
    await ensureHostIdentity({ dir: place, nowMs: NOW_MS, vendorRoot });
    expect(existsSync(hostKeyFile)).toBe(true);
  });

  it('is not found by a file that is no key', async () => {
    await expect(ensureHostIdentity({ dir: join(dir, 'none'), nowMs: NOW_MS, vendorRoot: join(dir, 'nowhere.json') })).rejects.toMatchObject({ reason: 'usage' });
  });
});
