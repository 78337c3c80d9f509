import type { DomainEvent, EventOf } from '@muster/contracts';
import { PUBLISHED_KEYS_MAX_AGE_SECONDS } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { aKey, anEvent, TEST_START_MS } from '@muster/testing';
import type { HostActDecision } from './host-acts.decide.js';
import { decideCertificateAtStart, decideConfirmation, decideInstallKey, decideInstallRevocations, decideRetireHost } from './host-acts.decide.js';
import type { ActivatedHost, CertificateInForce, HostState, InstalledHostKey, Revocations } from './host.fold.js';
import { hostFold } from './host.fold.js';
import { restoreHost, storeHost } from './host.snapshot.js';
import { decideAnnounceKey, decideChangeKey } from './rotate-key.decide.js';
import { announcedKeys, keyForRepeat, keysToForget, publishedKeys, signingKidOf } from './signing-keys.rule.js';

const NOW_MS = TEST_START_MS;
const after = (seconds: number): number => NOW_MS + seconds * SECOND_MS;

const activated = anEvent('HostActivated');
const { host: hostId, claims } = activated.data;
const certificate: CertificateInForce = { jws: activated.data.certificate, digest: activated.data.certificateDigest, claims };
const longestLease = Math.max(...claims.products.map(({ leaseSeconds }) => leaseSeconds));

const given = (...events: readonly DomainEvent[]): HostState => events.reduce(hostFold.evolve, hostFold.initialState());

const activatedHost = (...events: readonly DomainEvent[]): ActivatedHost => {
  const host = given(activated, ...events);
  if (host.status === 'not-activated') throw new Error('not activated');
  return host;
};

const keyNamed = (seed: string) => {
  const { id: kid, publicJwk } = aKey(seed);
  return { kid, x: publicJwk.x, delegation: 'e30.e30.AA', host: hostId };
};
const [next, third] = [keyNamed('next'), keyNamed('third')];

const eventOf = (decision: HostActDecision): DomainEvent => {
  if (decision.status !== 'recorded') throw new Error(`${decision.status}`);
  return decision.event;
};

const announce = (host: HostState, key = next, nowMs = NOW_MS) => eventOf(decideAnnounceKey(key, host, nowMs));
const change = (host: HostState, kid: string, nowMs: number, reason: 'rotation' | 'compromise' = 'rotation') => eventOf(decideChangeKey({ kid, reason }, host, nowMs)) as EventOf<'SigningKeyChanged'>;

describe('a host key that was installed', () => {
  const key: InstalledHostKey = anEvent('HostKeyInstalled').data;

  it('is on record with its policies, and once', () => {
    const host = given(eventOf(decideInstallKey(key, given())));
    expect(host.installed).toEqual(key);
    expect(decideInstallKey(key, host)).toEqual({ status: 'known' });
  });

  it('makes room for another one, or for new policies of its own', () => {
    const host = given({ type: 'HostKeyInstalled', data: key });
    expect(decideInstallKey({ ...key, policiesDigest: aKey('other').id }, host).status).toBe('recorded');
    expect(decideInstallKey({ ...key, keyId: aKey('other').id }, host).status).toBe('recorded');
  });
});

describe('a confirmation', () => {
  const renewed: CertificateInForce = { jws: 'e30.e30.AB', digest: aKey('renewed').id, claims: { ...claims, iat: claims.iat + 1 } };

  it('activates the host, and applied again changes nothing', () => {
    const decision = decideConfirmation(certificate, given());
    expect(eventOf(decision)).toMatchObject({ type: 'HostActivated', data: { host: hostId, claims } });
    expect(decideConfirmation(certificate, given(eventOf(decision)))).toEqual({ status: 'known' });
  });

  it('of a later activation renews the certificate; the one before does not come back', () => {
    const host = activatedHost(eventOf(decideConfirmation(renewed, activatedHost())));
    expect(host.certificate.digest).toBe(renewed.digest);
    expect(host.certificates.has(certificate.digest)).toBe(true);
    expect(decideConfirmation(certificate, host)).toMatchObject({ status: 'rejected', kind: 'confirmation-not-valid' });
    expect(decideConfirmation({ ...renewed, digest: aKey('older').id, claims }, host)).toMatchObject({ detail: 'The certificate in force is a later one.' });
  });

  it('brings a retired host back only when it is a new one', () => {
    const retired = activatedHost(anEvent('HostRetired', { host: hostId }));
    expect(decideConfirmation(certificate, retired)).toMatchObject({ status: 'rejected', detail: expect.stringContaining('retired') as unknown });
    expect(given(activated, anEvent('HostRetired', { host: hostId }), eventOf(decideConfirmation(renewed, retired))).status).toBe('active');
  });

  it('at the start of a process is recorded unless it ever was, or a later one is in force', () => {
    expect(decideCertificateAtStart(certificate, given()).status).toBe('recorded');
    expect(decideCertificateAtStart(certificate, activatedHost(eventOf(decideConfirmation(renewed, activatedHost()))))).toEqual({ status: 'known' });
    const earlier: CertificateInForce = { jws: 'e30.e30.AC', digest: aKey('earlier').id, claims: { ...claims, iat: claims.iat - 1 } };
    expect(decideCertificateAtStart(earlier, activatedHost())).toEqual({ status: 'known' });
    expect(decideCertificateAtStart(renewed, activatedHost()).status).toBe('recorded');
  });
});

describe('the retirement of a host', () => {
  it('is recorded once', () => {
    const event = eventOf(decideRetireHost('replaced', activatedHost()));
    expect(event).toEqual({ type: 'HostRetired', data: { host: hostId, reason: 'replaced' } });
    expect(decideRetireHost('replaced', activatedHost(event))).toEqual({ status: 'known' });
  });
});

describe('a revocation list', () => {
  const list = (sequence: number, keys: readonly string[] = []): Revocations => ({ sequence, list: `e30.e30.${sequence}`, certificates: new Set(), keys: new Set(keys) });

  it('takes the place of the one in force where it is newer, and nowhere else', () => {
    const host = given(eventOf(decideInstallRevocations(list(2, [hostId]), given(), 'newer')));
    expect(host.revocations?.keys.has(hostId)).toBe(true);
    expect(decideInstallRevocations(list(2, [hostId]), host, 'same')).toEqual({ status: 'known' });
    for (const standing of ['older', 'signer-revoked', 'another-vendor'] as const) expect(decideInstallRevocations(list(1), host, standing)).toMatchObject({ kind: 'revocations-not-valid' });
    expect(decideInstallRevocations(list(1), host, 'older')).toMatchObject({ detail: 'The list has sequence 1, and 2 is installed.' });
  });
});

describe('the change of a signing key', () => {
  it('wants a key that was announced, and long enough ago that every copy of the published keys has it', () => {
    const announced = announce(activatedHost());
    const host = activatedHost(announced);
    expect([signingKidOf(host), announcedKeys(host).map(({ kid }) => kid)]).toEqual([hostId, [next.kid]]);
    expect(publishedKeys(host, NOW_MS).map(({ kid }) => kid)).toEqual([hostId, next.kid]);
    expect(decideChangeKey({ kid: third.kid, reason: 'rotation' }, host, NOW_MS)).toMatchObject({ kind: 'signing-key-not-usable' });
    expect(decideChangeKey({ kid: next.kid, reason: 'rotation' }, host, after(PUBLISHED_KEYS_MAX_AGE_SECONDS - 1))).toMatchObject({ kind: 'signing-key-not-usable', retryAfterSeconds: 1 });
    const changed = change(host, next.kid, after(PUBLISHED_KEYS_MAX_AGE_SECONDS));
    expect(changed.data).toMatchObject({ kid: next.kid, previous: hostId, reason: 'rotation' });
    expect(signingKidOf(activatedHost(announced, changed))).toBe(next.kid);
    expect(decideChangeKey({ kid: next.kid, reason: 'rotation' }, activatedHost(announced, changed), NOW_MS)).toEqual({ status: 'known' });
  });

  it('leaves repeats to the key that signed first for the retry period, and its public half until its last lease ends', () => {
    const first = announce(activatedHost());
    const changedAtMs = after(PUBLISHED_KEYS_MAX_AGE_SECONDS);
    const changed = change(activatedHost(first), next.kid, changedAtMs);
    const host = activatedHost(first, changed);
    const repeatsUntilMs = changedAtMs + DAY_SECONDS * SECOND_MS;
    expect(changed.data.repeatsUntil).toBe(toInstant(repeatsUntilMs));
    expect(keyForRepeat(host, hostId, repeatsUntilMs - 1).kid).toBe(hostId);
    expect(keyForRepeat(host, hostId, repeatsUntilMs).kid).toBe(next.kid);
    expect(publishedKeys(host, changedAtMs + longestLease * SECOND_MS - 1).map(({ kid }) => kid)).toContain(hostId);
    expect(publishedKeys(host, changedAtMs + longestLease * SECOND_MS).map(({ kid }) => kid)).toEqual([next.kid]);
  });

  it('never has the host key forgotten, and any other once its retry period is over', () => {
    const first = announce(activatedHost());
    const one = change(activatedHost(first), next.kid, after(1000));
    const second = announce(activatedHost(first, one), third, after(1000));
    const two = change(activatedHost(first, one, second), third.kid, after(2000));
    const host = activatedHost(first, one, second, two);
    expect(keysToForget(host, after(2000))).toEqual([]);
    expect(keysToForget(host, after(2000 + DAY_SECONDS))).toEqual([next.kid]);
    expect(decideChangeKey({ kid: next.kid, reason: 'rotation' }, host, after(3000))).toMatchObject({ detail: expect.stringContaining('another one took its place') as unknown });
  });

  it('after a compromise is at once: nothing of that key is signed, published or kept, nor of what was announced beside it', () => {
    const first = announce(activatedHost());
    const one = change(activatedHost(first), next.kid, after(1000));
    const beside = announce(activatedHost(first, one), keyNamed('beside'), after(1500));
    const second = announce(activatedHost(first, one, beside), third, after(2000));
    const two = change(activatedHost(first, one, beside, second), third.kid, after(2000), 'compromise');
    const host = activatedHost(first, one, beside, second, two);
    expect(keyForRepeat(host, next.kid, after(2000)).kid).toBe(third.kid);
    expect(keysToForget(host, after(2000))).toEqual([next.kid, keyNamed('beside').kid]);
    expect(publishedKeys(host, after(2000)).map(({ kid }) => kid)).toEqual([hostId, third.kid]);
    expect(announcedKeys(host)).toEqual([]);
    expect(decideChangeKey({ kid: keyNamed('beside').kid, reason: 'rotation' }, host, after(9000))).toMatchObject({ kind: 'signing-key-not-usable' });
    expect(decideAnnounceKey(keyNamed('beside'), host, after(9000))).toMatchObject({ kind: 'signing-key-not-usable' });
  });

  it('after a compromise leaves no repeats to a key that still lay beside it; its leases stay good', () => {
    const first = announce(activatedHost());
    const one = change(activatedHost(first), next.kid, after(1000));
    const second = announce(activatedHost(first, one), third, after(1000));
    const two = change(activatedHost(first, one, second), third.kid, after(2000));
    const fresh = announce(activatedHost(first, one, second, two), keyNamed('fresh'), after(3000));
    const three = change(activatedHost(first, one, second, two, fresh), keyNamed('fresh').kid, after(3000), 'compromise');
    const host = activatedHost(first, one, second, two, fresh, three);
    expect(keyForRepeat(activatedHost(first, one, second, two), next.kid, after(3000)).kid).toBe(next.kid);
    expect(keyForRepeat(host, next.kid, after(3000)).kid).toBe(keyNamed('fresh').kid);
    expect(keysToForget(host, after(3000))).toEqual([next.kid, third.kid]);
    expect(publishedKeys(host, after(3000)).map(({ kid }) => kid)).toEqual([hostId, next.kid, keyNamed('fresh').kid]);
  });

  it('leaves no repeats to a key that the vendor took back', () => {
    const first = announce(activatedHost());
    const one = change(activatedHost(first), next.kid, after(1000));
    const revoked = anEvent('RevocationListInstalled', { keys: [hostId] });
    expect(keyForRepeat(activatedHost(first, one), hostId, after(2000)).kid).toBe(hostId);
    expect(keyForRepeat(activatedHost(first, one, revoked), hostId, after(2000)).kid).toBe(next.kid);
  });

  it('is never to a key that the vendor revoked', () => {
    const revoked = anEvent('RevocationListInstalled', { keys: [next.kid] });
    expect(decideAnnounceKey(next, activatedHost(revoked), NOW_MS)).toMatchObject({ kind: 'signing-key-not-usable' });
    const host = activatedHost(announce(activatedHost()), revoked);
    expect(decideChangeKey({ kid: next.kid, reason: 'rotation' }, host, after(1000))).toMatchObject({ kind: 'signing-key-not-usable', detail: expect.stringContaining('revoked') as unknown });
  });

  it('is not the answer where the host key itself got out', () => {
    const host = activatedHost(announce(activatedHost()));
    expect(decideChangeKey({ kid: next.kid, reason: 'compromise' }, host, after(1000))).toMatchObject({ kind: 'signing-key-not-usable', detail: expect.stringContaining('revoke') as unknown });
  });

  it('is for keys that the host key vouches for, of a host that is activated', () => {
    expect(decideAnnounceKey({ ...next, host: aKey('another host').id }, activatedHost(), NOW_MS)).toMatchObject({ kind: 'signing-key-not-usable' });
    expect(decideAnnounceKey(next, given(), NOW_MS)).toMatchObject({ kind: 'host-not-activated' });
    expect(decideAnnounceKey(next, activatedHost(announce(activatedHost())), NOW_MS)).toEqual({ status: 'known' });
  });
});

describe('a host that is activated with a new key pair', () => {
  const other = aKey('a new host key');
  const anew = anEvent('HostActivated', { host: other.id, certificateDigest: aKey('anew').id, claims: { ...claims, sub: other.id, cnf: { jwk: { ...other.publicJwk } } } });

  it('signs with the new one, whatever the one before vouched for', () => {
    const first = announce(activatedHost());
    const changed = change(activatedHost(first), next.kid, after(1000));
    const host = activatedHost(first, changed, announce(activatedHost(first, changed), third, after(2000)), anew);
    expect(signingKidOf(host)).toBe(other.id);
    expect([keyForRepeat(host, next.kid, after(2000)).kid, announcedKeys(host)]).toEqual([other.id, []]);
    expect(publishedKeys(host, after(2000)).map(({ kid }) => kid)).toEqual([hostId, next.kid, other.id]);
    expect(keysToForget(host, after(2000))).toEqual([next.kid, third.kid]);
  });
});

it('the state survives a snapshot', () => {
  const first = announce(activatedHost());
  const host = given(anEvent('HostKeyInstalled'), activated, first, change(activatedHost(first), next.kid, after(1000)), anEvent('RevocationListInstalled'));
  expect(restoreHost(JSON.parse(JSON.stringify(storeHost(host))) as ReturnType<typeof storeHost>)).toEqual(host);
  expect(restoreHost(JSON.parse(JSON.stringify(storeHost(given()))) as ReturnType<typeof storeHost>)).toEqual(given());
});
