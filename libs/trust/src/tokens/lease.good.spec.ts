import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { signLease, signReceipt, TokenRefused, verifyLease, verifyReceipt } from '../index.js';
import { aVendor, leaseClaims, NOW, receiptClaims, refusalOf } from './tokens.fixture.js';

const RENEWED = '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a0f';
const GRACE = 30 * DAY_SECONDS;
const LENGTH = 180 * DAY_SECONDS;

/** Days from the certificate's end at which the lease was made; whether it renews another; days from then at which it is looked at. */
const cases: readonly (readonly [madeAt: number, renews: boolean, lookedAt: number, good: 'good' | TokenRefused['reason']])[] = [
  [-1, false, 0, 'good'],
  [-1, false, LENGTH - 1, 'good'],
  [-1, false, LENGTH, 'expired'],
  [-1, true, LENGTH - 1, 'good'],
  [0, false, 0, 'certificate-not-valid'],
  [0, true, 0, 'good'],
  [GRACE - 1, false, 0, 'certificate-not-valid'],
  [GRACE - 1, true, 0, 'good'],
  [GRACE - 1, true, LENGTH - 1, 'good'],
  [GRACE - 1, true, LENGTH, 'expired'],
  [GRACE, true, 0, 'certificate-not-valid'],
];

/** DESIGN section 5: its chain was valid at its `iat` (for a renewal: or within the certificate's own renewal grace), and now is before its `exp`. */
describe('when a lease is good', () => {
  it.each(cases)('made %d s after the end of its certificate (renewal: %s) and looked at %d s later: %s', async (madeAt, renews, lookedAt, expected) => {
    const vendor = await aVendor({ exp: NOW, nbf: NOW - 365 * DAY_SECONDS, renewalGraceSeconds: GRACE });
    const iat = NOW + madeAt;
    const lease = await signLease(leaseClaims(vendor, { iat, exp: iat + LENGTH, ...(renews ? { renews: RENEWED } : {}) }), vendor.hostKey);
    const found = await verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: (iat + lookedAt) * SECOND_MS }).then(
      () => 'good',
      (error: unknown) => (error instanceof TokenRefused ? error.reason : error),
    );
    expect(found).toBe(expected);
  });

  it('a renewal is not made before its certificate begins, grace or not', async () => {
    const vendor = await aVendor({ nbf: NOW + 1, renewalGraceSeconds: GRACE });
    const lease = await signLease(leaseClaims(vendor, { renews: RENEWED }), vendor.hostKey);
    expect(await refusalOf(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW * SECOND_MS }))).toBe('certificate-not-valid');
  });

  it('one that has run out can still be told from a forged one', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    await expect(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: 'any-time' })).resolves.toBeDefined();
  });

  it('the receipt of a deferred renewal has the same grace, that of an activation none', async () => {
    const vendor = await aVendor({ exp: NOW, nbf: NOW - DAY_SECONDS, renewalGraceSeconds: GRACE });
    const root = vendor.rootKey.publicJwk;
    await expect(verifyReceipt(await signReceipt(receiptClaims(vendor, { outcome: 'renewal-deferred' }), vendor.hostKey), { root })).resolves.toBeDefined();
    expect(await refusalOf(verifyReceipt(await signReceipt(receiptClaims(vendor), vendor.hostKey), { root }))).toBe('certificate-not-valid');
  });
});
