import { CATALOGUE_BYTES_MAX, ORDER_BYTES_MAX, REQUEST_BYTES_MAX, REVOCATIONS_MAX, vendorCatalogueSchema } from '@muster/contracts';
import type { VendorCatalogue } from '@muster/contracts';
import { developmentCatalogue, hostCertificateIdOf, signLease, signRenewalRequest, signRevocationList } from '../index.js';
import { aChain, chainedLeaseClaims, HOST_KEY_ID, LEASE_ID } from './chain.fixture.js';
import { machineKey, NOW } from './tokens.fixture.js';

const catalogueOf = (count: number): VendorCatalogue => {
  const { groups, pools, products, renewalGraceSeconds } = developmentCatalogue;
  const terms = { vendor: 'development-vendor', environment: 'development' as const, groups, pools, renewalGraceSeconds, certificateDays: 365 };
  return { ...terms, products: Array.from({ length: count }, (_, at) => ({ ...products[0]!, name: `acme.product-${at}` })) };
};

/** As many products as fit. */
const largest = (): number => {
  let count = 1;
  while (vendorCatalogueSchema.safeParse(catalogueOf(count + 1)).success) count += 1;
  return count;
};

it('a lease under the largest catalogue there may be, with the longest chain, can be renewed', async () => {
  expect(largest()).toBeGreaterThan(100);
  const { products } = catalogueOf(largest());
  const chain = await aChain({ host: { products } });
  const lease = await signLease(chainedLeaseClaims(chain, { renews: LEASE_ID }), chain.signingKey);
  const request = await signRenewalRequest({ key: machineKey, payload: { jti: LEASE_ID, iat: NOW, lease, machine: { virtual: true, hostname: 'x'.repeat(200) } } });
  expect(request.length).toBeLessThanOrEqual(REQUEST_BYTES_MAX);
});

it('a larger catalogue is told how large it is', () => {
  const { error } = vendorCatalogueSchema.safeParse(catalogueOf(largest() + 1));
  expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(`at most ${CATALOGUE_BYTES_MAX} fit a lease`)]);
});

it('the longest revocation list is one order for a host', async () => {
  const { intermediateKey, intermediate, hostKey } = await aChain();
  const certificates = Array.from({ length: REVOCATIONS_MAX }, (_, serial) => hostCertificateIdOf({ keyId: HOST_KEY_ID, serial }));
  const claims = { iss: 'development-vendor', iat: NOW, sequence: 9, certificates, keys: certificates.map(() => hostKey.id), chain: [intermediate] };
  const list = await signRevocationList({ claims, vendorKey: intermediateKey });
  expect(JSON.stringify({ list }).length).toBeLessThanOrEqual(ORDER_BYTES_MAX);
});
