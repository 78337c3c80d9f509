import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostDescription } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toNumericDate } from '@muster/kernel';
import { aConfirmedHost, TEST_START_MS } from '@muster/testing';
import { isWorthApplying, readStoredConfirmation, storeConfirmation } from './stored-confirmation.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-confirmation-'));
afterAll(() => rmSync(dir, { recursive: true }));

const setUp = async () => {
  const { policies, hostKey, confirmation, certificate } = await aConfirmedHost();
  const stored = { host: hostKey.id, policiesDigest: policies.digest, confirmation };
  const hostKeyOf = { keyId: policies.claims.keyId, keyEnding: 'AB3DE', policiesDigest: policies.digest };
  const fresh: HostDescription = {
    ...{ status: 'not-activated', host: null, ledger: 'main', head: 1, certificate: null, certificateDigest: null, claims: null },
    ...{ hostKey: hostKeyOf, signingKey: null, announcedKeys: [], revocationSequence: 0, keys: [] },
  };
  const activated: HostDescription = { ...fresh, status: 'active', host: hostKey.id, claims: certificate.claims };
  const at = (nowMs = TEST_START_MS) => ({ hostId: hostKey.id, nowMs });
  return { stored, fresh, activated, at };
};

describe('the last confirmation', () => {
  it('is kept for its owner alone, and read again; anything else is none', async () => {
    const { stored } = await setUp();
    const path = join(dir, 'confirmation.json');
    expect(readStoredConfirmation(path)).toBeUndefined();
    storeConfirmation(path, stored);
    expect([readStoredConfirmation(path), statSync(path).mode & 0o077]).toEqual([stored, 0]);
    for (const text of ['', '{}', JSON.stringify({ ...stored, host: 'somebody' })]) {
      writeFileSync(path, text);
      expect(readStoredConfirmation(path)).toBeUndefined();
    }
  });

  it('is worth applying after a reinstall, on the same key pair and by the same policies, while its certificate is valid', async () => {
    const { stored, fresh, at } = await setUp();
    expect(isWorthApplying(stored, fresh, at())).toBe(true);
    expect(isWorthApplying({ ...stored, host: stored.policiesDigest }, fresh, at())).toBe(false);
    expect(isWorthApplying({ ...stored, policiesDigest: stored.host }, fresh, at())).toBe(false);
    expect(isWorthApplying(stored, { ...fresh, hostKey: null }, at())).toBe(false);
    expect(isWorthApplying(stored, fresh, at(TEST_START_MS + stored.confirmation.validDays * DAY_SECONDS * SECOND_MS))).toBe(false);
  });

  it('is not where it is in force already, and is where it never came to be applied', async () => {
    const { stored, activated, at } = await setUp();
    expect(isWorthApplying(stored, activated, at())).toBe(false);
    const later = { ...stored, confirmation: { ...stored.confirmation, issuedAt: toNumericDate(TEST_START_MS) + 60 } };
    expect(isWorthApplying(later, activated, at())).toBe(true);
  });
});
