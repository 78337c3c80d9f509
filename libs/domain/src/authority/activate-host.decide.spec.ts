import type { EventOf } from '@muster/contracts';
import fc from 'fast-check';
import type { ActivateHost, HostActivationContext } from './activate-host.decide.js';
import { decideHostActivation, hostRefusal } from './activate-host.decide.js';
import { decideHostKeyRaise } from './administer-keys.decide.js';
import { adopted, given, hostKeyIssued, id, NOW_MS } from './authority.fixture.js';
import type { AuthorityState, HostKey } from './authority.fold.js';
import { applyToAuthority, draftOf } from './authority.fold.js';

const KEY = id('k');
const DAY = 86_400;

const context: HostActivationContext = {
  nowMs: NOW_MS,
  policies: 'a.b.c',
  signerEndsAt: null,
  certificateIdOf: (_key, serial) => `00000000-0000-8000-8000-${String(serial).padStart(12, '0')}`,
};

const asks = (letter: string, way: ActivateHost['way'] = 'online'): ActivateHost => ({ keyId: KEY, host: id(letter), hostKey: id(letter), way });

const decideAndApply = (state: AuthorityState, asked: ActivateHost, at = context): EventOf<'HostCertificateIssued' | 'HostActivationRefused'> => {
  const decision = decideHostActivation(asked, state, at);
  if (decision.status !== 'recorded' && decision.status !== 'refused') throw new Error(decision.status);
  applyToAuthority(state, { event: decision.event, recordedAtMs: NOW_MS });
  return decision.event as EventOf<'HostCertificateIssued' | 'HostActivationRefused'>;
};

const outcomes = (state: AuthorityState, hosts: string): readonly string[] =>
  [...hosts].map((host) => {
    const { type, data } = decideAndApply(state, asks(host));
    return type === 'HostCertificateIssued' ? `${data.serial}/${data.activation}` : data.reason;
  });

describe('the activation of a host', () => {
  it('records all that its certificate is made from', () => {
    expect(decideAndApply(given(adopted, hostKeyIssued), asks('a', 'telephone'))).toEqual({
      type: 'HostCertificateIssued',
      data: {
        keyId: KEY,
        host: id('a'),
        hostKey: id('a'),
        serial: 1,
        certificateId: context.certificateIdOf(KEY, 1),
        issuedAt: Date.UTC(2026, 2, 1, 9, 30) / 1000,
        validDays: 365,
        policies: 'a.b.c',
        way: 'telephone',
        activation: 1,
      },
    });
  });

  it('happens for six hosts, and the seventh is refused until the limit is raised', () => {
    const state = given(adopted, hostKeyIssued);
    expect(outcomes(state, 'abcdefg')).toEqual(['1/1', '2/1', '3/1', '4/1', '5/1', '6/1', 'hosts-exhausted']);
    const raised = decideHostKeyRaise({ keyId: KEY, hostsMax: 7 }, state);
    if (raised.status !== 'recorded') throw new Error(raised.status);
    applyToAuthority(state, { event: raised.event, recordedAtMs: NOW_MS });
    expect(outcomes(state, 'gh')).toEqual(['7/1', 'hosts-exhausted']);
  });

  it('happens ten times for one host, which uses up one place only', () => {
    const state = given(adopted, hostKeyIssued);
    expect(outcomes(state, 'aaaaaaaaaaa')).toEqual([...Array.from({ length: 10 }, (_, index) => `${index + 1}/${index + 1}`), 'activations-exhausted']);
    expect(outcomes(state, 'bcdefg')).toEqual(['11/1', '12/1', '13/1', '14/1', '15/1', 'hosts-exhausted']);
  });

  it('is refused with a revoked key, and for a host whose key pair the vendor revoked', () => {
    const revokedKey = given(adopted, hostKeyIssued, { type: 'ActivationKeyRevoked', data: { keyId: KEY, reason: 'leaked' } });
    expect(outcomes(revokedKey, 'a')).toEqual(['key-revoked']);
    const revokedHost = given(adopted, hostKeyIssued, { type: 'VendorRevocation', data: { sequence: 1, certificate: null, key: id('a'), reason: 'compromised' } });
    expect(outcomes(revokedHost, 'ab')).toEqual(['host-revoked', '1/1']);
  });

  it('is refused on record once for each reason, however often the host asks, until it is granted', () => {
    const state = given(adopted, { ...hostKeyIssued, data: { ...hostKeyIssued.data, hostsMax: 1 } });
    outcomes(state, 'ab');
    expect(decideHostActivation(asks('b'), state, context)).toMatchObject({ status: 'rejected', kind: 'hosts-exhausted' });
    applyToAuthority(state, { event: { type: 'ActivationKeyRevoked', data: { keyId: KEY, reason: 'ended' } }, recordedAtMs: NOW_MS });
    expect(outcomes(state, 'b')).toEqual(['key-revoked']);
    expect(decideHostActivation(asks('b'), state, context)).toMatchObject({ status: 'rejected', kind: 'key-revoked' });
  });

  it('leaves no trace for a key that was never issued', () => {
    expect(decideHostActivation({ ...asks('a'), keyId: id('z') }, given(adopted, hostKeyIssued), context)).toMatchObject({ status: 'rejected', kind: 'key-unknown' });
  });

  it('gives no certificate that lasts longer than its signer may sign', () => {
    const endsAt = (days: number): HostActivationContext => ({ ...context, signerEndsAt: Math.floor(NOW_MS / 1000) + days * DAY });
    expect(decideAndApply(given(adopted, hostKeyIssued), asks('a'), endsAt(30))).toMatchObject({ data: { validDays: 30 } });
    expect(decideHostActivation(asks('a'), given(adopted, hostKeyIssued), endsAt(0.5))).toMatchObject({ status: 'rejected', kind: 'unavailable' });
  });

  it('is refused in words that name the key and say what to do', () => {
    const key = given(adopted, hostKeyIssued).hostKeys.get(KEY) as HostKey;
    expect(hostRefusal('hosts-exhausted', key)).toMatchObject({ kind: 'hosts-exhausted', detail: expect.stringMatching(/6 hosts.*Ask the vendor for an exception.*ABCDE/) });
    expect(hostRefusal('activations-exhausted', key).detail).toMatch(/10 times.*Ask the vendor for an exception/);
  });

  it('never exceeds a limit, and never gives a serial twice, in whatever order hosts ask', () => {
    const limits = fc.record({ hostsMax: fc.integer({ min: 1, max: 4 }), activationsPerHostMax: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(limits, fc.array(fc.constantFrom(...'abcdefgh'), { maxLength: 40 }), (limit, hosts) => {
        const state = given(adopted, { ...hostKeyIssued, data: { ...hostKeyIssued.data, ...limit } });
        const issued = hosts.flatMap((host) => {
          const decision = decideHostActivation(asks(host), state, context);
          if (decision.status === 'recorded' || decision.status === 'refused') applyToAuthority(state, { event: decision.event, recordedAtMs: NOW_MS });
          return decision.status === 'recorded' ? [decision.event as EventOf<'HostCertificateIssued'>] : [];
        });
        const activated = new Set(issued.map(({ data }) => data.host));
        expect(activated.size).toBe(Math.min(limit.hostsMax, new Set(hosts).size));
        for (const host of activated) {
          const asked = hosts.filter((letter) => id(letter) === host).length;
          expect(issued.filter(({ data }) => data.host === host)).toHaveLength(Math.min(limit.activationsPerHostMax, asked));
        }
        expect(new Set(issued.map(({ data }) => data.serial)).size).toBe(issued.length);
      }),
    );
  });
});

it('a draft takes the events of a batch, and leaves the state below as it is', () => {
  const state = given(adopted, hostKeyIssued);
  const draft = draftOf(state);
  expect(outcomes(draft, 'abcdefg').at(-1)).toBe('hosts-exhausted');
  expect(state.hostKeys.get(KEY)?.hosts.size).toBe(0);
  expect(state.certificates.get(context.certificateIdOf(KEY, 1))).toBeUndefined();
  expect(draft.certificates.get(context.certificateIdOf(KEY, 1))).toBe(id('a'));
});
