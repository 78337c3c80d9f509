import { chmod, mkdtemp, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevelopmentVendor, ensureDevelopmentVendor, readPrivateKeyFile, readPublicKeyFile, verifyHostCertificate } from './index.js';

const NOW_MS = Date.UTC(2026, 0, 5, 8);

describe('a development vendor', () => {
  it('says plainly what it is, in the certificate itself', async () => {
    const { certificate } = await createDevelopmentVendor({ nowMs: NOW_MS });
    expect(certificate.claims).toMatchObject({ iss: 'development-vendor', organisation: 'development', environment: 'development' });
  });

  it('sells a server from 5 machines on and a workstation from 25, out of one pool', async () => {
    const { certificate } = await createDevelopmentVendor({ nowMs: NOW_MS });
    expect(certificate.claims.products.map(({ name, pool, threshold }) => ({ name, pool, threshold }))).toEqual([
      { name: 'acme.server', pool: 'acme', threshold: 5 },
      { name: 'acme.workstation', pool: 'acme', threshold: 25 },
    ]);
  });

  it('takes other policies for tests', async () => {
    const { certificate } = await createDevelopmentVendor({ nowMs: NOW_MS, overrides: { coversGroup: 'acme-workstation', renewalGraceSeconds: 0 } });
    expect(certificate.claims).toMatchObject({ coversGroup: 'acme-workstation', renewalGraceSeconds: 0 });
  });
});

describe("a development vendor's files", () => {
  let parent: string;
  let dir: string;

  const contents = async (): Promise<Record<string, string>> =>
    Object.fromEntries(await Promise.all((await readdir(dir)).sort().map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)));

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'muster-vendor-'));
    dir = join(parent, 'made', 'vendor');
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('are a host that its vendor certified, private where they must be', async () => {
    const files = await ensureDevelopmentVendor({ dir, nowMs: NOW_MS });
    const root = await readPublicKeyFile(files.rootFile);
    const claims = await verifyHostCertificate((await readFile(files.hostCertificateFile, 'utf8')).trim(), { root, atMs: NOW_MS });
    expect(claims.sub).toBe((await readPrivateKeyFile(files.hostKeyFile)).id);
    for (const name of ['vendor-root.private.json', 'host-key.private.json']) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  it('stay as they are on every later start, whatever the time', async () => {
    const files = await ensureDevelopmentVendor({ dir, nowMs: NOW_MS });
    const before = await contents();
    expect(await ensureDevelopmentVendor({ dir, nowMs: NOW_MS + 1e12 })).toEqual(files);
    expect(await contents()).toEqual(before);
    expect(Object.keys(before)).toEqual(['host-certificate.jws', 'host-key.private.json', 'vendor-root.private.json', 'vendor-root.public.json']);
  });

  it('are one vendor when many start at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => ensureDevelopmentVendor({ dir, nowMs: NOW_MS })));
    await expect(ensureDevelopmentVendor({ dir, nowMs: NOW_MS })).resolves.toBeDefined();
    expect(await readdir(dir)).toHaveLength(4);
  });

  it('are completed after a start that died half way', async () => {
    const files = await ensureDevelopmentVendor({ dir, nowMs: NOW_MS });
    await unlink(files.hostCertificateFile);
    await unlink(files.rootFile);
    await expect(ensureDevelopmentVendor({ dir, nowMs: NOW_MS })).resolves.toEqual(files);
  });

  it('are refused when they do not belong together', async () => {
    const files = await ensureDevelopmentVendor({ dir, nowMs: NOW_MS });
    await unlink(files.hostKeyFile);
    await expect(ensureDevelopmentVendor({ dir, nowMs: NOW_MS })).rejects.toThrow('another host key');
    await unlink(join(dir, 'vendor-root.private.json'));
    await expect(ensureDevelopmentVendor({ dir, nowMs: NOW_MS })).rejects.toThrow('not the public half');
    await unlink(files.rootFile);
    await expect(ensureDevelopmentVendor({ dir, nowMs: NOW_MS })).rejects.toThrow('not signed by the development vendor');
  });

  it('are refused once others may read a private key', async () => {
    const files = await ensureDevelopmentVendor({ dir, nowMs: NOW_MS });
    await chmod(files.hostKeyFile, 0o644);
    await expect(ensureDevelopmentVendor({ dir, nowMs: NOW_MS })).rejects.toThrow('chmod 600');
  });
});
