import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCertificateClaims } from './index.js';
import { hostCertificateClaimsSchema } from './index.js';

const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/events/HostActivated.v1.json'), 'utf8')) as { body: string };
const { claims } = JSON.parse(fixture.body) as { claims: HostCertificateClaims };
const product = claims.products[0];
const faultOf = (overrides: object): string | undefined => hostCertificateClaimsSchema.safeParse({ ...claims, ...overrides }).error?.issues[0]?.message;

describe("a host certificate's claims", () => {
  it('are accepted as the vendor signed them', () => {
    expect(faultOf({})).toBeUndefined();
  });

  it.each([
    ['a covered group that is not listed', { coversGroup: 'mainframes' }, /not a listed group/],
    ['a product of an unknown pool', { products: [{ ...product, pool: 'other' }] }, /unknown pool/],
    ['a product of an unknown group', { products: [{ ...product, group: 'other' }] }, /unknown group/],
    ['a product listed twice', { products: [product, product] }, /twice/],
    ['a retry interval below 15 minutes', { products: [{ ...product, retryAfterSeconds: 899 }] }, /900/],
    ['a renewal interval above 30 days', { products: [{ ...product, renewAfterSeconds: 30 * 86_400 + 1 }] }, /2592000/],
    ['a claim that nobody defined', { discount: 1 }, /discount/],
  ])('are refused with %s', (_, overrides, fault) => {
    expect(faultOf(overrides)).toMatch(fault);
  });
});
