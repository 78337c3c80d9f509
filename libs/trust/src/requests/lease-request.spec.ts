import type { ReleaseRequestPayload, RenewalRequestPayload } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { digestOf, generateKeyPair, signActivationRequest, signReleaseRequest, signRenewalRequest, verifyActivationRequest, verifyReleaseRequest, verifyRenewalRequest } from '../index.js';
import { forge } from '../tokens/tokens.fixture.js';

const key = generateKeyPair();
const LEASE = 'e30.e30.AA';

const release: ReleaseRequestPayload = { jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10', iat: 1_767_600_000, lease: LEASE };
const renewal: RenewalRequestPayload = { ...release, machine: { hostname: 'ws-01', virtual: false } };

const problemOf = (verification: Promise<unknown>): Promise<unknown> =>
  verification.then(
    () => 'believed',
    (error: unknown) => (isProblem(error) ? error.kind : error),
  );

describe('a request about a lease', () => {
  it('names its machine by the key that signed it', async () => {
    expect(await verifyRenewalRequest(await signRenewalRequest({ key, payload: renewal }))).toMatchObject({ machine: key.id, payload: renewal });
    expect(await verifyReleaseRequest(await signReleaseRequest({ key, payload: release }))).toMatchObject({ machine: key.id, payload: release });
  });

  it('is good for one purpose only', async () => {
    const signed = {
      activation: await signActivationRequest({ key, payload: { jti: release.jti, iat: release.iat, product: 'acme.server', machine: renewal.machine, lease: digestOf(LEASE) } }),
      renewal: await signRenewalRequest({ key, payload: renewal }),
      release: await signReleaseRequest({ key, payload: release }),
    };
    const verified = { activation: verifyActivationRequest, renewal: verifyRenewalRequest, release: verifyReleaseRequest };
    for (const [kind, token] of Object.entries(signed)) {
      for (const [as, verify] of Object.entries(verified)) expect({ kind, as, found: await problemOf(verify(token)) }).toEqual({ kind, as, found: kind === as ? 'believed' : 'malformed-request' });
    }
  });

  it('is not believed when another key signed it', async () => {
    const header = { alg: 'EdDSA', typ: 'muster-renewal-request+jwt', jwk: key.publicJwk };
    expect(await problemOf(verifyRenewalRequest(forge(header, renewal, generateKeyPair())))).toBe('signature-invalid');
    expect(await problemOf(verifyReleaseRequest(forge({ ...header, typ: 'muster-release-request+jwt' }, release, generateKeyPair())))).toBe('signature-invalid');
  });

  it('is told from a reuse of its id by kind, lease and what the machine is, not by moment and host name', async () => {
    const digest = async (payload: RenewalRequestPayload) => (await verifyRenewalRequest(await signRenewalRequest({ key, payload }))).contentDigest;
    const first = await digest(renewal);
    expect(await digest({ ...renewal, iat: renewal.iat + 60, drawnFor: renewal.iat, machine: { hostname: 'renamed', virtual: false } })).toBe(first);
    expect(await digest({ ...renewal, machine: { hostname: 'ws-01', virtual: true } })).not.toBe(first);
    expect(await digest({ ...renewal, lease: 'e30.e30.BB' })).not.toBe(first);
    expect((await verifyReleaseRequest(await signReleaseRequest({ key, payload: release }))).contentDigest).not.toBe(first);
  });
});
