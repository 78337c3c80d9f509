import { DAY_SECONDS, SECOND_MS, toNumericDate } from '@muster/kernel';
import { aHostCertificate, aMachine, TEST_START_MS } from '@muster/testing';
import { digestOf, signLease } from '@muster/trust';
import { statusOf } from '../core/status.js';
import { newMachineState } from '../core/new-machine-state.js';
import { believeLease } from './believe-lease.js';

const PRODUCT = 'acme.workstation';
const machine = aMachine().id;
const startS = toNumericDate(TEST_START_MS);
const day = (days: number): number => startS + days * DAY_SECONDS;

/** A certificate from day 0 to day 365 with a renewal grace of 30 days; leases of at most 180. */
const leaseOf = async ({ iat, lasts, renews }: { readonly iat: number; readonly lasts: number; readonly renews: boolean }) => {
  const { hostKey, rootKey, certificate } = await aHostCertificate();
  const decided = { iss: hostKey.id, sub: machine, aud: PRODUCT, iat, jti: '6f0d4c9e-0000-4000-8000-000000000001', count: 25, threshold: 25, position: 3, head: digestOf('head') };
  const lease = { ...decided, exp: iat + lasts * DAY_SECONDS, cnf: { jkt: machine }, chain: [certificate.jws], ...(renews ? { renews: '6f0d4c9e-0000-4000-8000-000000000000' } : {}) };
  return { token: await signLease(lease, hostKey), root: rootKey.publicJwk };
};

/** DESIGN section 5: the chain was valid at `iat`, for a renewal or within the grace; and now is before `exp`. */
describe('when a lease is good', () => {
  it.each`
    issued   | kind            | lasts  | asked    | good
    ${0}     | ${'activation'} | ${180} | ${0}     | ${'licensed'}
    ${0}     | ${'activation'} | ${180} | ${179.9} | ${'notification'}
    ${0}     | ${'activation'} | ${180} | ${180}   | ${'expired'}
    ${-1}    | ${'activation'} | ${180} | ${1}     | ${'not believed'}
    ${364.9} | ${'activation'} | ${180} | ${366}   | ${'licensed'}
    ${364.9} | ${'activation'} | ${180} | ${540}   | ${'notification'}
    ${365}   | ${'activation'} | ${180} | ${366}   | ${'not believed'}
    ${365}   | ${'renewal'}    | ${180} | ${366}   | ${'licensed'}
    ${394.9} | ${'renewal'}    | ${180} | ${574}   | ${'notification'}
    ${394.9} | ${'renewal'}    | ${180} | ${575}   | ${'expired'}
    ${395}   | ${'renewal'}    | ${180} | ${396}   | ${'not believed'}
    ${-1}    | ${'renewal'}    | ${180} | ${1}     | ${'not believed'}
    ${0}     | ${'activation'} | ${181} | ${1}     | ${'not believed'}
    ${200}   | ${'activation'} | ${30}  | ${215}   | ${'notification'}
  `('$kind of day $issued for $lasts days, on day $asked: $good', async ({ issued, kind, lasts, asked, good }: { issued: number; kind: string; lasts: number; asked: number; good: string }) => {
    const { token, root } = await leaseOf({ iat: day(issued), lasts, renews: kind === 'renewal' });
    const belief = await believeLease(token, { root, machine, product: PRODUCT });
    const standing = belief.believed ? statusOf({ ...newMachineState(PRODUCT), lease: belief.lease }, day(asked) * SECOND_MS).status : 'not believed';
    expect(standing).toBe(good);
  });

  it('only for its machine, its product and its vendor', async () => {
    const { token, root } = await leaseOf({ iat: day(0), lasts: 180, renews: false });
    const other = await aHostCertificate({}, { seed: 'another vendor' });
    expect((await believeLease(token, { root, machine: aMachine('other').id, product: PRODUCT })).believed).toBe(false);
    expect((await believeLease(token, { root, machine, product: 'acme.server' })).believed).toBe(false);
    expect((await believeLease(token, { root: other.rootKey.publicJwk, machine, product: PRODUCT })).believed).toBe(false);
  });
});
