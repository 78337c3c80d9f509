import type { DomainEvent, EventOf, HardwareEvidence } from '@muster/contracts';
import fc from 'fast-check';
import { adopted, given, id, makIssued, NOW_MS } from './authority.fixture.js';
import type { AuthorityState, MultipleActivationKey } from './authority.fold.js';
import { applyToAuthority } from './authority.fold.js';
import type { DrawActivation } from './draw-activation.decide.js';
import { decideDraw, drawRefusal } from './draw-activation.decide.js';

const KEY = id('m');
const LEASE_ID = '5f0c3cd0-7a1e-4b7e-8a55-2f8d3c1f9a01';

/** Each letter is a part as it was found; `abcde` and `abcdX` differ in one of five. */
const hardware = ([board, processor, memory, disk, network]: string): HardwareEvidence => ({
  board: id(board ?? 'a'),
  processor: id(processor ?? 'a'),
  memory: id(memory ?? 'a'),
  disk: id(disk ?? 'a'),
  network: id(network ?? 'a'),
});

const asks = (machine: string, parts = 'abcde', product = 'acme.workstation'): DrawActivation => ({
  keyId: KEY,
  machine: id(machine),
  product,
  hardware: hardware(parts),
  way: 'independent',
  evidence: undefined,
});

type Outcome = EventOf<'MultipleActivationKeyUsed' | 'MultipleActivationRefused'> | { readonly type: 'rejected'; readonly kind: string };

const draw = (state: AuthorityState, asked: DrawActivation): Outcome => {
  const decision = decideDraw(asked, state, { nowMs: NOW_MS, leaseId: LEASE_ID });
  if (decision.status === 'rejected') return { type: 'rejected', kind: decision.kind };
  if (decision.status === 'unchanged') throw new Error(decision.status);
  applyToAuthority(state, { event: decision.event, recordedAtMs: NOW_MS });
  return decision.event as Outcome;
};

const told = (outcome: Outcome): string => {
  if (outcome.type === 'rejected') return `${outcome.kind}, no second trace`;
  return outcome.type === 'MultipleActivationRefused' ? outcome.data.reason : `${outcome.data.drawn ? 'drawn' : 'again'}, ${outcome.data.remaining} left`;
};

const withKey = (allowance: number, ...events: readonly DomainEvent[]): AuthorityState => given(adopted, makIssued(allowance), ...events);

describe('a multiple activation key', () => {
  it('pays for as many machines as its allowance, and no more until it is raised', () => {
    const state = withKey(2);
    expect(['a', 'b', 'c'].map((machine) => told(draw(state, asks(machine))))).toEqual(['drawn, 1 left', 'drawn, 0 left', 'allowance-exhausted']);
    applyToAuthority(state, { event: { type: 'MultipleActivationKeyRaised', data: { keyId: KEY, allowance: 3 } }, recordedAtMs: NOW_MS });
    expect(told(draw(state, asks('c')))).toBe('drawn, 0 left');
  });

  it('confirms the same machine again for nothing, also when nothing is left', () => {
    const state = withKey(1);
    expect([asks('a'), asks('a'), asks('a', 'abcXY')].map((asked) => told(draw(state, asked)))).toEqual(['drawn, 0 left', 'again, 0 left', 'again, 0 left']);
  });

  it('is drawn from once more after a large change of the hardware', () => {
    const state = withKey(2);
    expect([asks('a'), asks('a', 'abXYZ'), asks('a', 'abXYZ')].map((asked) => told(draw(state, asked)))).toEqual(['drawn, 1 left', 'drawn, 0 left', 'again, 0 left']);
  });

  it('compares with the hardware that was paid for: many small changes are a large one', () => {
    const state = withKey(5);
    expect([asks('a'), asks('a', 'abcXY'), asks('a', 'abZXY')].map((asked) => told(draw(state, asked)))).toEqual(['drawn, 4 left', 'again, 4 left', 'drawn, 3 left']);
  });

  it('pays for each product of a machine', () => {
    const state = given(adopted, makIssued(3, 'servers'));
    expect([asks('a'), asks('a', 'abcde', 'acme.server'), asks('a')].map((asked) => told(draw(state, asked)))).toEqual(['drawn, 2 left', 'drawn, 1 left', 'again, 1 left']);
  });

  it('refuses a machine on record once for each reason, until it is granted', () => {
    const state = withKey(1);
    expect([asks('a'), asks('b'), asks('b')].map((asked) => told(draw(state, asked)))).toEqual(['drawn, 0 left', 'allowance-exhausted', 'allowance-exhausted, no second trace']);
    applyToAuthority(state, { event: { type: 'MultipleActivationKeyRaised', data: { keyId: KEY, allowance: 2 } }, recordedAtMs: NOW_MS });
    expect([asks('b'), asks('b', 'VWXYZ')].map((asked) => told(draw(state, asked)))).toEqual(['drawn, 0 left', 'allowance-exhausted']);
  });

  it('has a reason of its own for each way in which it does not serve', () => {
    const revoked: DomainEvent = { type: 'ActivationKeyRevoked', data: { keyId: KEY, reason: 'ended' } };
    expect(told(draw(withKey(5, revoked), asks('a')))).toBe('key-revoked');
    expect(told(draw(withKey(5), asks('a', 'abcde', 'acme.server')))).toBe('group-not-covered');
    expect(told(draw(withKey(5), asks('a', 'abcde', 'acme.upgrade')))).toBe('qualification-missing');
    expect(decideDraw({ ...asks('a'), keyId: id('z') }, withKey(5), { nowMs: NOW_MS, leaseId: LEASE_ID })).toMatchObject({ status: 'rejected', kind: 'key-unknown' });
    expect(decideDraw(asks('a', 'abcde', 'acme.toaster'), withKey(5), { nowMs: NOW_MS, leaseId: LEASE_ID })).toMatchObject({ status: 'rejected', kind: 'unknown-product' });
  });

  it('pays for an upgrade of a machine that qualifies, and records what it showed', () => {
    const qualified: DrawActivation = { ...asks('a', 'abcde', 'acme.upgrade'), evidence: [{ table: 'SLIC', status: 'present', oemId: 'OEM', oemTableId: 'TABLE', marker: 'ACME' }] };
    const granted = draw(withKey(5), qualified);
    expect(told(granted)).toBe('drawn, 4 left');
    expect(granted).toMatchObject({ data: { evidence: qualified.evidence } });
  });

  it('is refused in words that say what to do', () => {
    const state = withKey(2);
    const key = state.multipleActivationKeys.get(KEY) as MultipleActivationKey;
    const upgrade = state.catalogue?.catalogue.products.find(({ name }) => name === 'acme.upgrade');
    expect(drawRefusal('allowance-exhausted', key, upgrade).detail).toMatch(/All 2 activations.*VWXYZ.*raise/);
    expect(drawRefusal('qualification-missing', key, upgrade)).toMatchObject({ kind: 'qualification-missing', detail: 'Buy the full licence.' });
  });

  it('never gives more than its allowance, and nothing twice, in whatever order machines ask', () => {
    const request = fc.record({ machine: fc.constantFrom(...'abcdefgh'), parts: fc.constantFrom('abcde', 'abcXY', 'abXYZ', 'VWXYZ') });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(request, { maxLength: 40 }), (allowance, requests) => {
        const state = withKey(allowance);
        const events = requests.map(({ machine, parts }) => draw(state, asks(machine, parts)));
        const drawn = events.filter((event) => event.type === 'MultipleActivationKeyUsed' && event.data.drawn);
        expect(drawn.length).toBeLessThanOrEqual(allowance);
        expect(state.multipleActivationKeys.get(KEY)?.used).toBe(drawn.length);
        // Whoever was confirmed and asks again just so, is confirmed for nothing.
        for (const [index, event] of events.entries()) {
          const { machine, parts } = requests[index] as (typeof requests)[number];
          const later = requests.slice(index + 1).every((other) => other.machine !== machine);
          if (event.type === 'MultipleActivationKeyUsed' && later && event.data.drawn) expect(told(draw(state, asks(machine, parts)))).toMatch(/^again/);
        }
      }),
    );
  });
});
