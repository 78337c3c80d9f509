import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostState } from '@muster/domain';
import { hostEventTypes, hostFold } from '@muster/domain';
import { createFollower, createInMemoryEventStore } from '@muster/event-store';
import { loadHostCredentials } from '@muster/issuance';
import { aHostCertificate, fixedClock } from '@muster/testing';
import { writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { activateHost } from './activate-host.js';

const LEDGER = 'main';
const clock = fixedClock();
const real = { ...clock, controlled: false };
const controlled = { ...clock, controlled: true };

describe('a controlled clock in production', () => {
  it('keeps the service from starting with a production certificate', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'muster-credentials-'));
    try {
      const { rootKey, hostKey, certificate } = await aHostCertificate({ environment: 'production' });
      const files = { vendorRootFile: join(dir, 'root.json'), hostKeyFile: join(dir, 'key.json'), hostCertificateFile: join(dir, 'certificate.jws') };
      await writePublicKeyFile(files.vendorRootFile, rootKey.publicJwk);
      await writePrivateKeyFile(files.hostKeyFile, hostKey);
      writeFileSync(files.hostCertificateFile, certificate.jws);
      await expect(loadHostCredentials(files, controlled)).rejects.toThrow('the host certificate is for production');
      expect((await loadHostCredentials(files, real)).certificate?.digest).toBe(certificate.digest);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('records nothing in a ledger that was ever in production, whatever certificate it is given now', async () => {
    const store = createInMemoryEventStore({ clock, storeClock: clock });
    const follower = createFollower<HostState>({
      store,
      ledger: LEDGER,
      fold: { name: 'host', wholeTypes: hostEventTypes, initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
    });
    await follower.start();
    const parts = { store, ledger: LEDGER, follower };
    const { certificate: production } = await aHostCertificate({ environment: 'production' });
    const { certificate: development } = await aHostCertificate({ environment: 'development' });
    try {
      expect(await activateHost(production, { ...parts, clock: real })).toBe('recorded');
      await expect(activateHost(development, { ...parts, clock: controlled })).rejects.toMatchObject({ kind: 'clock-skew' });
      expect((await store.head(LEDGER)).position).toBe(1);
      expect(await activateHost(development, { ...parts, clock: real })).toBe('recorded');
      await expect(activateHost(development, { ...parts, clock: controlled })).rejects.toMatchObject({ kind: 'clock-skew' });
    } finally {
      await follower.stop();
      await store.close();
    }
  });
});
