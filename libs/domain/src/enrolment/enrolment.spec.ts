import type { DomainEvent, HostCertificateClaims } from '@muster/contracts';
import { typedColumnsOf } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toNumericDate } from '@muster/kernel';
import { aKey, anEvent, TEST_START_MS } from '@muster/testing';
import fc from 'fast-check';
import { decideActivation } from '../activation/request-activation.decide.js';
import { screenRequest } from '../activation/screen-request.rule.js';
import type { CountingState } from '../counting/counting.fold.js';
import { applyPolicies, applyRow, initialCountingState } from '../counting/counting.fold.js';
import { encodeCountingState } from '../counting/counting.snapshot.js';
import { countAt } from '../counting/pool-count.fold.js';
import { tally } from '../counting/tally.js';
import type { HostState } from '../hosts/host.fold.js';
import { hostFold } from '../hosts/host.fold.js';
import { applyEnrolmentEvent, emptyEnrolment } from './enrolment.fold.js';
import { restoreEnrolment, storeEnrolment } from './enrolment.snapshot.js';
import { decideCreateToken, decideRevokeToken, listTokens } from './enrolment-tokens.decide.js';
import { countingStandingOf, judgeEnrolments } from './standing.rule.js';

const START = TEST_START_MS;
const THRESHOLD = 3;
const KEY = 'K'.repeat(42) + 'A';
const OTHER_KEY = 'L'.repeat(42) + 'A';
const TOKEN_ID = '00000000-0000-4000-8000-0000000000aa';

const activated = anEvent('HostActivated');
const claims: HostCertificateClaims = {
  ...activated.data.claims,
  exp: toNumericDate(START) + 3650 * DAY_SECONDS,
  pools: activated.data.claims.pools.map((pool) => ({ ...pool, countOnlyEnrolled: true })),
  products: activated.data.claims.products.map((product) => ({ ...product, threshold: THRESHOLD })),
};
const [product] = claims.products.map(({ name }) => name);
const [pool] = claims.pools.map(({ name }) => name);
const host: HostState = hostFold.evolve(hostFold.initialState(), { ...activated, data: { ...activated.data, claims } });

const ids = new Map<string, string>();
const idOf = (name: string): string => {
  const id = ids.get(name) ?? aKey(`machine:${name}`).id;
  ids.set(name, id);
  return id;
};

interface Asked {
  readonly name: string;
  readonly token?: string | undefined;
  readonly virtual?: boolean;
}

/** A ledger in memory: rounds decide as of its end, and are appended whole. */
const ledger = () => {
  const enrolment = emptyEnrolment();
  const counts: CountingState = initialCountingState();
  const events: { readonly event: DomainEvent; readonly atMs: number }[] = [];
  applyPolicies(counts, claims, START);
  let nowMs = START;

  const append = (event: DomainEvent): void => {
    events.push({ event, atMs: nowMs });
    applyEnrolmentEvent(enrolment, event, nowMs);
    applyRow(counts, { recordedAtMs: nowMs, ...typedColumnsOf(event) });
  };

  /** Outcome types, or problem kinds. */
  const round = (asked: readonly Asked[]): readonly string[] => {
    const judge = judgeEnrolments(enrolment, nowMs);
    const posed = asked.map(({ name, token, virtual = false }) => {
      const request = {
        ...{ machine: idOf(name), requestId: '00000000-0000-4000-8000-00000000000a', product: product as string, virtual, citedLease: null, audience: null },
        ...{ issuedAt: toNumericDate(nowMs), contentDigest: KEY, hostname: name, address: null, enrolment: token },
      };
      const screened = screenRequest(request, host, { nowMs, clockMs: nowMs });
      if (screened.status !== 'countable') throw new Error(screened.status);
      return { request, standing: judge(request, screened.pool) };
    });
    const arriving = posed.filter(({ standing }) => standing.status !== 'rejected');
    const tallied = tally(
      counts,
      arriving.map(({ request, standing }) => ({ pool: pool as string, machine: request.machine, virtual: request.virtual, ...(standing.status === 'not-counted' ? { counted: false } : {}) })),
      nowMs,
    );
    const decided = posed.map(({ request, standing }) => {
      if (standing.status === 'rejected') return standing;
      const at = arriving.findIndex((one) => one.request === request);
      return decideActivation(request, host, { head: events.length, nowMs, clockMs: nowMs, counts: tallied[at], standing, draws: { leaseId: TOKEN_ID, spread: 0.5 } });
    });
    for (const decision of decided) if (decision.status === 'recorded') decision.events.forEach(append);
    return decided.map((decision) => (decision.status === 'rejected' ? decision.kind : (decision.events.at(-1)?.type ?? '')));
  };

  const count = (): number => {
    const { physical = 0, virtual = 0 } = counts.has(pool as string) ? countAt(counts.get(pool as string) as never, nowMs) : {};
    return physical + virtual;
  };

  return { append, round, count, enrolment, counts, events, wait: (seconds: number) => void (nowMs += seconds * SECOND_MS) };
};

const tokenCreated = (maximumUses: number, tokenKey = KEY, tokenId = TOKEN_ID): DomainEvent => ({
  type: 'EnrolmentTokenCreated',
  data: { tokenId, tokenKey, maximumUses, expiresAt: new Date(START + 7 * DAY_SECONDS * SECOND_MS).toISOString() },
});

describe('a pool that counts only enrolled machines', () => {
  it('does not move by a loop that makes a hundred keys; they are served once those who enrolled meet the threshold', () => {
    const { append, round, count, events } = ledger();
    append(tokenCreated(10));
    const hundred = Array.from({ length: 100 }, (_, index) => ({ name: `loop-${index}` }));
    expect(new Set(round(hundred))).toEqual(new Set(['ActivationDeferred']));
    expect(count()).toBe(0);
    expect(events.filter(({ event }) => 'counted' in event.data && event.data.counted === false)).toHaveLength(100);

    expect(round(['a', 'b', 'c'].map((name) => ({ name, token: KEY })))).toEqual(['ActivationDeferred', 'ActivationDeferred', 'ActivationGranted']);
    expect(count()).toBe(THRESHOLD);
    expect(new Set(round(hundred))).toEqual(new Set(['ActivationGranted']));
    expect(count()).toBe(THRESHOLD);
  });

  it('counts a machine from the request on that enrolled it, and in every later one without the token', () => {
    const { append, round, count, events } = ledger();
    append(tokenCreated(10));
    round([{ name: 'a', token: KEY }]);
    expect(events.slice(1).map(({ event }) => event.type)).toEqual(['MachineEnrolled', 'ActivationRequested', 'ActivationDeferred']);
    expect(count()).toBe(1);
    round([{ name: 'a' }]);
    expect(count()).toBe(1);
    expect(events.at(-1)?.event.data).not.toHaveProperty('counted');
  });

  it('takes a machine out with its retirement: whoever has its key since is not counted', () => {
    const { append, round, count } = ledger();
    append(tokenCreated(10));
    round([{ name: 'a', token: KEY }]);
    append({ type: 'MachineRetired', data: { machine: idOf('a'), reason: 'lost' } });
    expect(count()).toBe(0);
    round([{ name: 'a' }]);
    expect(count()).toBe(0);
  });
});

describe('an enrolment token', () => {
  it('enrols as many machines as it was made for, also within one round', () => {
    const { append, round, enrolment } = ledger();
    append(tokenCreated(2));
    expect(round(['a', 'b', 'c', 'a'].map((name) => ({ name, token: KEY })))).toEqual(['ActivationDeferred', 'ActivationDeferred', 'enrolment-not-valid', 'ActivationDeferred']);
    expect(round([{ name: 'd', token: KEY }])).toEqual(['enrolment-not-valid']);
    expect(enrolment.machines.size).toBe(2);
  });

  it('that is unknown, ended or revoked is refused without a trace', () => {
    const { append, round, events, wait } = ledger();
    append(tokenCreated(2));
    append(tokenCreated(2, OTHER_KEY, '00000000-0000-4000-8000-0000000000bb'));
    append({ type: 'EnrolmentTokenRevoked', data: { tokenId: '00000000-0000-4000-8000-0000000000bb' } });
    const before = events.length;
    expect(round([{ name: 'a', token: 'M'.repeat(42) + 'A' }])).toEqual(['enrolment-not-valid']);
    expect(round([{ name: 'a', token: OTHER_KEY }])).toEqual(['enrolment-not-valid']);
    wait(7 * DAY_SECONDS);
    expect(round([{ name: 'a', token: KEY }])).toEqual(['enrolment-not-valid']);
    expect(events).toHaveLength(before);
  });

  it('draws nothing for a machine that is enrolled, and is not asked whether it still could', () => {
    const { append, round, enrolment, wait } = ledger();
    append(tokenCreated(2));
    round([{ name: 'a', token: KEY }]);
    wait(8 * DAY_SECONDS);
    expect(round([{ name: 'a', token: KEY }])).toEqual(['ActivationDeferred']);
    expect(enrolment.tokens.get(TOKEN_ID)?.uses).toBe(1);
  });

  it('enrols also where the policy does not ask for it: it may begin to', () => {
    const state = applyEnrolmentEvent(emptyEnrolment(), tokenCreated(1), START);
    expect(judgeEnrolments(state, START)({ machine: 'm', enrolment: KEY }, {})).toEqual({ status: 'enrols', tokenId: TOKEN_ID });
    expect(countingStandingOf('m', {}, state.machines)).toEqual({ status: 'counts' });
    expect(countingStandingOf('m', { countOnlyEnrolled: true }, state.machines)).toEqual({ status: 'not-counted' });
  });
});

describe("an administrator's act on tokens", () => {
  const order = { tokenKey: KEY, maximumUses: 30, expiresInSeconds: 7 * DAY_SECONDS, actor: 'operator:test' };
  const state = () => applyEnrolmentEvent(emptyEnrolment(), tokenCreated(30), START);

  it('makes a token that ends so long after its making, and the same one only once', () => {
    expect(decideCreateToken(order, emptyEnrolment(), { tokenId: TOKEN_ID, nowMs: START })).toMatchObject({ status: 'recorded', event: tokenCreated(30), token: { uses: 0, maximumUses: 30 } });
    expect(decideCreateToken(order, state(), { tokenId: TOKEN_ID, nowMs: START })).toMatchObject({ status: 'known', token: { tokenId: TOKEN_ID } });
  });

  it('revokes one once, and none that there is not', () => {
    const revoke = { tokenId: TOKEN_ID, actor: 'operator:test' };
    const decision = decideRevokeToken(revoke, state());
    expect(decision).toMatchObject({ status: 'recorded', event: { type: 'EnrolmentTokenRevoked', data: { tokenId: TOKEN_ID } }, token: { revoked: true } });
    const revoked = applyEnrolmentEvent(state(), { type: 'EnrolmentTokenRevoked', data: { tokenId: TOKEN_ID } }, START);
    expect(decideRevokeToken(revoke, revoked)).toMatchObject({ status: 'known' });
    expect(decideRevokeToken(revoke, emptyEnrolment())).toMatchObject({ status: 'rejected', kind: 'not-found' });
    expect(listTokens(revoked, { limit: 10 }, START).tokens).toMatchObject([{ standing: 'revoked' }]);
  });

  it('shows what is left of each', () => {
    const spent = applyEnrolmentEvent(applyEnrolmentEvent(emptyEnrolment(), tokenCreated(1), START), { type: 'MachineEnrolled', data: { machine: idOf('a'), tokenId: TOKEN_ID } }, START);
    expect(listTokens(spent, { limit: 10 }, START)).toMatchObject({ tokens: [{ standing: 'spent', uses: 1 }], machinesEnrolled: 1 });
    expect(listTokens(state(), { limit: 10 }, START)).toMatchObject({ tokens: [{ standing: 'open' }], machinesEnrolled: 0 });
    expect(listTokens(state(), { limit: 10 }, START + 7 * DAY_SECONDS * SECOND_MS)).toMatchObject({ tokens: [{ standing: 'ended' }] });
  });
});

describe('whatever happens in such a pool', () => {
  const asking = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), token: fc.constantFrom(undefined, KEY, OTHER_KEY), virtual: fc.boolean() });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.array(asking, { minLength: 1, maxLength: 5 }).map((asked) => ({ kind: 'round' as const, asked })) },
    { weight: 1, arbitrary: fc.constantFrom('a', 'b').map((name) => ({ kind: 'retire' as const, name })) },
    { weight: 1, arbitrary: fc.constantFrom(3600, 20 * DAY_SECONDS).map((seconds) => ({ kind: 'wait' as const, seconds })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'revoke' as const }) },
  );

  it('the count never exceeds the machines enrolled, no token its uses, and both are the same after a replay', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { append, round, count, enrolment, counts, events, wait } = ledger();
        append(tokenCreated(2));
        append(tokenCreated(3, OTHER_KEY, '00000000-0000-4000-8000-0000000000bb'));
        for (const one of steps) {
          if (one.kind === 'round') round(one.asked);
          else if (one.kind === 'wait') wait(one.seconds);
          else if (one.kind === 'retire') append({ type: 'MachineRetired', data: { machine: idOf(one.name), reason: 'lost' } });
          else append({ type: 'EnrolmentTokenRevoked', data: { tokenId: TOKEN_ID } });
          expect(count()).toBeLessThanOrEqual(enrolment.machines.size);
          for (const { uses, maximumUses } of enrolment.tokens.values()) expect(uses).toBeLessThanOrEqual(maximumUses);
        }
        const replayed = { enrolment: emptyEnrolment(), counts: initialCountingState() };
        applyPolicies(replayed.counts, claims, START);
        for (const { event, atMs } of events) {
          applyEnrolmentEvent(replayed.enrolment, event, atMs);
          applyRow(replayed.counts, { recordedAtMs: atMs, ...typedColumnsOf(event) });
        }
        expect(encodeCountingState(replayed.counts).equals(encodeCountingState(counts))).toBe(true);
        expect(replayed.enrolment).toEqual(enrolment);
        expect(restoreEnrolment(JSON.parse(JSON.stringify(storeEnrolment(enrolment))) as never)).toEqual(enrolment);
      }),
    );
  });
});
