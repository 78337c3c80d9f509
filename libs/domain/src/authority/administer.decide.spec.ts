import { decideCatalogue, decideHostKeyIssue, decideHostKeyRaise, decideKeyRevocation, decideMultipleActivationKeyIssue, decideMultipleActivationKeyRaise } from './administer-keys.decide.js';
import { adopted, catalogue, given, hostKeyIssued, id, makIssued } from './authority.fixture.js';
import { applyToAuthority, draftOf, initialAuthority } from './authority.fold.js';
import { listKeys } from './list-keys.js';
import { decideVendorRevocation } from './revoke.decide.js';

const vendor = { vendor: 'acme' };
const [hostKey, mak] = [id('k'), id('m')];
const state = given(adopted, hostKeyIssued, makIssued(10));

describe('the catalogue', () => {
  it('takes effect once, and again only when it changed', () => {
    expect(decideCatalogue(adopted.data, initialAuthority(), vendor)).toEqual({ status: 'recorded', event: adopted });
    expect(decideCatalogue(adopted.data, state, vendor)).toEqual({ status: 'unchanged' });
    expect(decideCatalogue({ ...adopted.data, digest: id('d') }, state, vendor).status).toBe('recorded');
  });

  it('of another vendor, or without a group that keys in use cover, is refused', () => {
    expect(decideCatalogue(adopted.data, state, { vendor: 'other' })).toMatchObject({ kind: 'catalogue-not-valid' });
    const smaller = { digest: id('e'), catalogue: { ...catalogue, groups: catalogue.groups.slice(0, 1) } };
    expect(decideCatalogue(smaller, state, vendor)).toMatchObject({ kind: 'catalogue-not-valid', detail: expect.stringContaining('cover servers') });
    const revoked = given(adopted, hostKeyIssued, { type: 'ActivationKeyRevoked', data: { keyId: hostKey, reason: 'ended' } });
    expect(decideCatalogue(smaller, revoked, vendor).status).toBe('recorded');
  });

  it('is held against the keys of the same batch, too', () => {
    const smaller = { digest: id('e'), catalogue: { ...catalogue, groups: catalogue.groups.slice(0, 1) } };
    const draft = draftOf(given(adopted));
    applyToAuthority(draft, { event: hostKeyIssued, recordedAtMs: 0 });
    expect(decideCatalogue(smaller, draft, vendor)).toMatchObject({ kind: 'catalogue-not-valid' });
    applyToAuthority(draft, { event: { type: 'ActivationKeyRevoked', data: { keyId: hostKey, reason: 'ended' } }, recordedAtMs: 0 });
    expect(decideCatalogue(smaller, draft, vendor).status).toBe('recorded');
    expect([...draft.hostKeys.values()]).toHaveLength(1);
  });
});

describe('keys', () => {
  it('are issued for groups that the catalogue lists', () => {
    expect(decideHostKeyIssue(hostKeyIssued.data, given(adopted))).toEqual({ status: 'recorded', event: hostKeyIssued });
    expect(decideHostKeyIssue(hostKeyIssued.data, initialAuthority())).toMatchObject({ kind: 'catalogue-not-valid' });
    expect(decideMultipleActivationKeyIssue({ ...makIssued(3).data, group: 'toasters' }, state)).toMatchObject({ kind: 'catalogue-not-valid' });
  });

  it('are raised in what is said, and keep the rest', () => {
    expect(decideHostKeyRaise({ keyId: hostKey, hostsMax: 8 }, state)).toEqual({ status: 'recorded', event: { type: 'HostKeyRaised', data: { keyId: hostKey, hostsMax: 8, activationsPerHostMax: 10 } } });
    expect(decideHostKeyRaise({ keyId: hostKey, hostsMax: 6 }, state)).toEqual({ status: 'unchanged' });
    expect(decideMultipleActivationKeyRaise({ keyId: mak, allowance: 20 }, state).status).toBe('recorded');
    expect(decideMultipleActivationKeyRaise({ keyId: hostKey, allowance: 20 }, state)).toMatchObject({ kind: 'key-unknown' });
  });

  it('are revoked once', () => {
    const revoked = given(adopted, hostKeyIssued, { type: 'ActivationKeyRevoked', data: { keyId: hostKey, reason: 'leaked' } });
    expect(decideKeyRevocation({ keyId: hostKey, reason: 'leaked' }, state.hostKeys).status).toBe('recorded');
    expect(decideKeyRevocation({ keyId: mak, reason: 'leaked' }, state.multipleActivationKeys).status).toBe('recorded');
    expect(decideKeyRevocation({ keyId: mak, reason: 'leaked' }, state.hostKeys)).toMatchObject({ kind: 'key-unknown' });
    expect(decideKeyRevocation({ keyId: hostKey, reason: 'ended' }, revoked.hostKeys)).toEqual({ status: 'unchanged' });
  });

  it('are listed with what is left of them', () => {
    expect(listKeys(state)).toMatchObject({
      hostKeys: [{ keyId: hostKey, hosts: [], hostsMax: 6, revoked: false }],
      multipleActivationKeys: [{ keyId: mak, allowance: 10, used: 0, remaining: 10, issuedAt: '2026-03-01T09:30:12.250Z' }],
    });
  });
});

describe('a revocation', () => {
  const reason = 'compromised' as const;

  it('gets the next number, once', () => {
    const first = decideVendorRevocation({ certificate: null, key: id('a'), reason }, state);
    if (first.status !== 'recorded') throw new Error(first.status);
    expect(first.event).toMatchObject({ type: 'VendorRevocation', data: { sequence: 1, key: id('a') } });
    const after = applyToAuthority(given(adopted), { event: first.event, recordedAtMs: 1 });
    expect(decideVendorRevocation({ certificate: null, key: id('a'), reason }, after)).toEqual({ status: 'unchanged' });
    expect(decideVendorRevocation({ certificate: null, key: id('b'), reason }, after)).toMatchObject({ event: { data: { sequence: 2 } } });
  });

  it('of a certificate that was never issued is a typing error', () => {
    expect(decideVendorRevocation({ certificate: '5f0c3cd0-7a1e-4b7e-8a55-2f8d3c1f9a01', key: null, reason }, state)).toMatchObject({ kind: 'not-found' });
  });
});

