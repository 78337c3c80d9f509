import { eventCatalogue, isEventType } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { digestOf, parseActivationKey, verifyActivationRequest, verifyHostCertificate } from '@muster/trust';
import { aConfirmedHost, activationPayload, aFleet, aHostCertificate, aMachine, anActivationKey, anEvent, hostActivated, TEST_START_MS } from '../index.js';

describe('a test machine', () => {
  it('is the same for the same seed and another for another', () => {
    expect(aMachine('ws-7').id).toBe(aMachine('ws-7').id);
    expect(aMachine('ws-7').id).not.toBe(aMachine('ws-8').id);
    expect(aMachine('a key').id).toBe('dj7MpclXc_8hWeDwGfCzZtVZ9p5wA5x8i_GvEEHqoE0');
  });

  it('signs requests that verify as its own, each with the next id', async () => {
    const machine = aMachine('ws-7');
    const first = await verifyActivationRequest(await machine.sign());
    const second = await verifyActivationRequest(await machine.sign({ product: 'acme.server' }));
    expect(first).toMatchObject({ machine: machine.id, payload: { product: 'acme.workstation', machine: { hostname: 'ws-7', virtual: false } } });
    expect(second.payload.product).toBe('acme.server');
    expect(second.payload.jti).not.toBe(first.payload.jti);
    expect(await aMachine('ws-7').sign()).toBe(await aMachine('ws-7').sign());
  });

  it('signs loosely what must be refused, and well what must not', async () => {
    const machine = aMachine();
    await expect(verifyActivationRequest(machine.signLoosely({ payload: activationPayload() }))).resolves.toMatchObject({ machine: machine.id });
    const refusal: unknown = await verifyActivationRequest(machine.signLoosely({ payload: 'no json' })).catch((error: unknown) => error);
    expect(isProblem(refusal, 'malformed-request')).toBe(true);
  });

  it('comes in fleets without doubles', () => {
    const ids = [...aFleet(30), ...aFleet(30, 'other')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(60);
  });
});

describe('a test certificate', () => {
  it('verifies, is reproducible, and takes other policies', async () => {
    const vendor = await aHostCertificate({ coversGroup: 'acme-workstation' });
    const { rootKey, hostKey, certificate } = vendor;
    const claims = await verifyHostCertificate(certificate.jws, { root: rootKey.publicJwk, atMs: TEST_START_MS });
    expect(claims).toMatchObject({ sub: hostKey.id, coversGroup: 'acme-workstation' });
    expect((await aHostCertificate({ coversGroup: 'acme-workstation' })).certificate.jws).toBe(certificate.jws);
  });

  it('is of another host or another vendor for another seed', async () => {
    const [one, sibling, stranger] = await Promise.all([aHostCertificate(), aHostCertificate({}, { hostSeed: 'b' }), aHostCertificate({}, { seed: 'b' })]);
    expect(sibling.rootKey.id).toBe(one.rootKey.id);
    expect(new Set([one.hostKey.id, sibling.hostKey.id, stranger.hostKey.id]).size).toBe(3);
    expect(stranger.rootKey.id).not.toBe(one.rootKey.id);
  });
});

describe('a confirmed host', () => {
  it('verifies under an intermediate, or under the root alone, and is reproducible', async () => {
    const { vendor, certificate, hostKey } = await aConfirmedHost();
    const root = vendor.rootKey.publicJwk;
    expect(certificate).toMatchObject({ intermediate: vendor.chain[0], claims: { sub: hostKey.id, coversGroup: 'acme-server' } });
    await expect(verifyHostCertificate(certificate.jws, { root, atMs: TEST_START_MS, intermediate: certificate.intermediate })).resolves.toEqual(certificate.claims);
    expect((await aConfirmedHost()).certificate).toEqual(certificate);
    const plain = await aConfirmedHost({ intermediateSeed: 'none', policies: { coversGroup: 'acme-workstation' } });
    await expect(verifyHostCertificate(plain.certificate.jws, { root, atMs: TEST_START_MS })).resolves.toMatchObject({ coversGroup: 'acme-workstation' });
  });

  it('has a host key of which there is one for each seed', () => {
    expect(anActivationKey()).toEqual(anActivationKey('host', 'key'));
    expect(parseActivationKey(anActivationKey('multiple').key)).toMatchObject({ status: 'read', kind: 'multiple' });
    expect(anActivationKey('host', 'other').key).not.toBe(anActivationKey().key);
  });
});

describe('a test event', () => {
  it.each(Object.keys(eventCatalogue).filter(isEventType))('of type %s fits its schema', (type) => {
    const event = anEvent(type);
    expect(event.type).toBe(type);
    expect(eventCatalogue[type].schema.parse(event.data)).toEqual(event.data);
  });

  it('takes other members, and refuses those that do not fit', () => {
    expect(anEvent('ActivationDeferred', { virtual: true }).data.virtual).toBe(true);
    expect(() => anEvent('ActivationDeferred', { machine: 'somebody' })).toThrow();
  });

  it('carries a real certificate when it is given one', async () => {
    const { certificate, hostKey } = await aHostCertificate();
    expect(hostActivated(certificate).data).toMatchObject({ host: hostKey.id, certificateDigest: digestOf(certificate.jws) });
  });
});
