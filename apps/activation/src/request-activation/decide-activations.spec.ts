import fc from 'fast-check';
import type { ActivationAnswer, DomainEvent, RequestActivation } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import type { AppendBatch, EventStore, NewEvent } from '@muster/event-store';
import { createInMemoryEventStore, createLedgerWriter } from '@muster/event-store';
import { isProblem, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { aHostCertificate, aKey, fixedClock, seededDraws, TEST_START_MS } from '@muster/testing';
import { contentDigestOf, verifyLease, verifyReceipt } from '@muster/trust';
import { createHostSigner, signingKeysOf } from '@muster/issuance';
import { activateHost } from '../activate-host/activate-host.js';
import { decideActivations } from './decide-activations.js';
import { startFollowers } from './followers.fixture.js';
import { tallyFrom } from './tally-from.fixture.js';

const LEDGER = 'main';

interface Asked {
  readonly machine: string;
  readonly request?: number;
  readonly product?: string;
  readonly virtual?: boolean;
  readonly hostname?: string;
  readonly issuedAt?: number;
}

const machineIds = new Map<string, string>();
const machineId = (name: string): string => {
  const known = machineIds.get(name) ?? aKey(`machine:${name}`).id;
  machineIds.set(name, known);
  return known;
};

const requestIdOf = ({ machine, request = 1 }: Asked): string => {
  const draws = seededDraws(`${machine}/${request}`);
  return draws.uuid();
};

const commandOf = (asked: Asked): RequestActivation => {
  const { machine, product = 'acme.workstation', virtual = false, hostname = machine, issuedAt = toNumericDate(TEST_START_MS) } = asked;
  return {
    machine: machineId(machine),
    requestId: requestIdOf(asked),
    product,
    virtual,
    citedLease: null,
    audience: null,
    issuedAt,
    contentDigest: contentDigestOf({ kind: 'activation', product, virtual, citedLease: null, evidence: null }),
    hostname,
    address: null,
  };
};

const fleet = (size: number): readonly Asked[] => Array.from({ length: size }, (_, index) => ({ machine: `ws-${index + 1}` }));

const setUp = async ({ batchCommandsMax = 256 } = {}) => {
  const clock = fixedClock(TEST_START_MS);
  /** How far this host's clock is ahead of the store's. */
  const skew = { ms: 0 };
  const storeClock = { nowMs: () => clock.nowMs() - skew.ms };
  const { rootKey, hostKey, certificate } = await aHostCertificate();
  const store = createInMemoryEventStore({ clock, storeClock });
  const slipIn: { next: (() => Promise<unknown>) | undefined } = { next: undefined };
  const intercepted: EventStore = {
    ...store,
    append: async (batch: AppendBatch) => {
      const slip = slipIn.next;
      slipIn.next = undefined;
      await slip?.();
      return store.append(batch);
    },
  };
  const followers = await startFollowers(store, LEDGER);
  const follower = followers.host;
  const signer = createHostSigner({ root: rootKey.publicJwk, keys: signingKeysOf(hostKey), clock });
  await activateHost(certificate, { store, ledger: LEDGER, clock: { ...clock, controlled: false }, follower });
  const writer = createLedgerWriter<RequestActivation, ActivationAnswer>({
    store: intercepted,
    ledger: LEDGER,
    clock,
    batchCommandsMax,
    identify: ({ machine, requestId, contentDigest }) => ({ machine, requestId, contentDigest }),
    decide: decideActivations({ store, follower: followers.joined, signer, draws: seededDraws('draws'), tally: tallyFrom(store) }),
    onAppended: followers.onAppended,
  });
  const ask = (asked: Asked): Promise<ActivationAnswer> => writer.submit(commandOf({ issuedAt: toNumericDate(clock.nowMs()), ...asked }));
  const askAll = (all: readonly Asked[]): Promise<readonly ActivationAnswer[]> => Promise.all(all.map(ask));
  const record = async (event: DomainEvent): Promise<void> => {
    const recorded: NewEvent = { event, actor: 'operator:test', requestId: null, causedByPrevious: false };
    const nowMs = clock.nowMs();
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: [recorded], requests: [], personal: [] });
  };
  const events = async (): Promise<readonly DomainEvent[]> => (await store.read({ ledger: LEDGER, after: 0, limit: 10_000 })).map(decodeBody);
  const stop = async (): Promise<void> => {
    await writer.stop();
    await followers.stop();
  };
  return { clock, skew, store, certificate, rootKey, follower, followers, signer, ask, askAll, record, events, slipIn, stop };
};

type World = Awaited<ReturnType<typeof setUp>>;

const worlds: World[] = [];
const world = async (options?: Parameters<typeof setUp>[0]): Promise<World> => {
  const made = await setUp(options);
  worlds.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()));
});

const problemOf = (answer: Promise<ActivationAnswer>): Promise<string> =>
  answer.then(
    ({ outcome }) => outcome,
    (error: unknown) => (isProblem(error) ? error.kind : String(error)),
  );

describe('a fleet', () => {
  it('sees the count rise, and the twenty-fifth machine gets the first lease', async () => {
    const { askAll } = await world();
    const answers = await askAll(fleet(26));
    expect(answers.map(({ count }) => count)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
    expect(answers.map(({ outcome }) => outcome)).toEqual([...Array<string>(24).fill('deferred'), 'granted', 'granted']);
  });

  it('counts a machine once however often it asks, and opens to all of them on a retry', async () => {
    const { askAll } = await world();
    await askAll(fleet(25));
    const retried = await askAll(fleet(25).map((asked) => ({ ...asked, request: 2 })));
    expect(new Set(retried.map(({ outcome, count }) => `${outcome} ${count}`))).toEqual(new Set(['granted 25']));
  });
});

describe('a repeated request', () => {
  it('gets the same lease, byte for byte, even when it is old by now and the host name changed', async () => {
    const { clock, ask, askAll, events } = await world();
    await askAll(fleet(24));
    const issuedAt = toNumericDate(clock.nowMs());
    const first = await ask({ machine: 'ws-25', issuedAt });
    const recorded = (await events()).length;
    clock.advance(3 * 86_400);
    expect(await ask({ machine: 'ws-25', issuedAt, hostname: 'renamed' })).toEqual(first);
    expect((await events()).length).toBe(recorded);
  });

  it('gets the recorded refusal again', async () => {
    const { ask, record, certificate, events } = await world();
    await record({ type: 'HostRetired', data: { host: certificate.claims.sub, reason: 'replaced' } });
    expect(await problemOf(ask({ machine: 'ws-1' }))).toBe('host-retired');
    const recorded = (await events()).length;
    expect(await problemOf(ask({ machine: 'ws-1' }))).toBe('host-retired');
    expect((await events()).length).toBe(recorded);
  });

  it('is a conflict when its content changed, and records nothing', async () => {
    const { ask, events } = await world();
    await ask({ machine: 'ws-1' });
    const recorded = (await events()).length;
    expect(await problemOf(ask({ machine: 'ws-1', product: 'acme.server' }))).toBe('request-id-conflict');
    expect((await events()).length).toBe(recorded);
  });
});

describe('between look-up and append', () => {
  it('a retirement of the host is not missed', async () => {
    const { ask, record, certificate, slipIn } = await world();
    slipIn.next = () => record({ type: 'HostRetired', data: { host: certificate.claims.sub, reason: 'compromised' } });
    expect(await problemOf(ask({ machine: 'ws-1' }))).toBe('host-retired');
  });

  it('a new certificate is not missed: its threshold decides, and the decision names it', async () => {
    const { ask, events, slipIn, store, clock, follower, certificate } = await world();
    const { certificate: renewed } = await aHostCertificate({
      products: certificate.claims.products.map((product) => ({ ...product, threshold: 1 })),
    });
    slipIn.next = () => activateHost(renewed, { store, ledger: LEDGER, clock: { ...clock, controlled: false }, follower });
    expect(await ask({ machine: 'ws-1' })).toMatchObject({ outcome: 'granted', threshold: 1 });
    expect((await events()).at(-1)).toMatchObject({ data: { basis: { certificate: renewed.digest } } });
  });

  it('nothing is recorded that this service could not sign: a certificate for another key took effect', async () => {
    const { ask, events, slipIn, store, clock, follower } = await world();
    const { certificate: other } = await aHostCertificate({}, { hostSeed: 'another host' });
    slipIn.next = () => activateHost(other, { store, ledger: LEDGER, clock: { ...clock, controlled: false }, follower });
    expect(await problemOf(ask({ machine: 'ws-1' }))).toBe('unavailable');
    expect((await events()).map(({ type }) => type)).toEqual(['HostActivated', 'HostActivated']);
  });

  it('the same request through another replica gets one outcome', async () => {
    const one = await world();
    const other = createLedgerWriter<RequestActivation, ActivationAnswer>({
      store: one.store,
      ledger: LEDGER,
      clock: one.clock,
      identify: ({ machine, requestId, contentDigest }) => ({ machine, requestId, contentDigest }),
      decide: decideActivations({ store: one.store, follower: one.followers.joined, signer: one.signer, draws: seededDraws('other'), tally: tallyFrom(one.store) }),
    });
    let theirs: ActivationAnswer | undefined;
    one.slipIn.next = async () => (theirs = await other.submit(commandOf({ machine: 'ws-1' })));
    expect(await one.ask({ machine: 'ws-1', issuedAt: toNumericDate(TEST_START_MS) })).toEqual(theirs);
    expect((await one.events()).filter(({ type }) => type === 'ActivationRequested')).toHaveLength(1);
    await other.stop();
  });
});

describe('a request that is not fresh', () => {
  it('is rejected while the clocks of host and store agree', async () => {
    const { ask, clock } = await world();
    expect(await problemOf(ask({ machine: 'ws-1', issuedAt: toNumericDate(clock.nowMs()) - 301 }))).toBe('request-not-fresh');
  });

  it('is not to blame where it is the host that has the wrong time', async () => {
    const { ask, clock, skew, events } = await world();
    const before = await events();
    skew.ms = 86_400 * SECOND_MS;
    clock.advance(86_400);
    const asked = [ask({ machine: 'ws-1', issuedAt: toNumericDate(TEST_START_MS) }), ask({ machine: 'ws-2' })];
    expect(await Promise.all(asked.map(problemOf))).toEqual(['clock-skew', 'clock-skew']);
    expect(await events()).toEqual(before);
  });

  it('is not to blame either where the ledger shows that the host’s time was later before', async () => {
    const { ask, clock, events } = await world();
    const byRightTime = toNumericDate(clock.nowMs()) + 3600;
    clock.advance(3600);
    await ask({ machine: 'ws-1' });
    const laterMs = clock.nowMs();
    clock.advance(-3600); // host and database alike: their clocks agree
    expect(await problemOf(ask({ machine: 'ws-2', issuedAt: byRightTime }))).toBe('clock-skew');
    expect(await events()).toHaveLength(3);
    // Fresh by the host's own clock; recorded at the head's time all the same.
    expect(await ask({ machine: 'ws-3' })).toMatchObject({ outcome: 'deferred', count: 2 });
    expect((await events()).at(-1)).toMatchObject({ data: { basis: { now: toInstant(laterMs) } } });
  });
});

it('a request after a step of time that nobody accepted is refused, and leaves no trace', async () => {
  const { ask, clock, events } = await world();
  clock.advance(30 * 86_400 + 1);
  expect(await problemOf(ask({ machine: 'ws-1' }))).toBe('time-step');
  expect(await events()).toHaveLength(1);
});

it('a lease and a receipt verify against the vendor’s root, and say where they stand in the ledger', async () => {
  const { askAll, clock, rootKey, store } = await world();
  const answers = await askAll(fleet(25));
  for (const [index, answer] of answers.entries()) {
    const expected = { sub: machineId(`ws-${index + 1}`), aud: 'acme.workstation', count: index + 1, threshold: 25 };
    const { claims } =
      answer.outcome === 'granted'
        ? await verifyLease(answer.lease, { root: rootKey.publicJwk, atMs: clock.nowMs() })
        : await verifyReceipt(answer.receipt, { root: rootKey.publicJwk });
    expect(claims).toMatchObject(expected);
    const [recorded] = await store.readAt(LEDGER, [claims.position]);
    expect(claims.head).toBe(Buffer.from(recorded?.runningHash ?? []).toString('base64url'));
  }
  const last = answers.at(-1);
  if (last?.outcome !== 'granted') throw new Error('the twenty-fifth was not granted');
  expect(Date.parse(last.expiresAt) - Date.parse(last.issuedAt)).toBe(180 * 86_400 * SECOND_MS);
});

it('a batch gives each command the answer that it would get alone', async () => {
  const asked: fc.Arbitrary<Asked> = fc.record({
    machine: fc.integer({ min: 1, max: 12 }).map((index) => `m-${index}`),
    request: fc.integer({ min: 1, max: 2 }),
    product: fc.constantFrom('acme.server', 'acme.workstation', 'acme.toaster'),
    virtual: fc.boolean(),
  });
  // Commands that arrive together have no order among them; only a reused id with other content would show which one came first.
  const withOneContentAnId = (all: readonly Asked[]): readonly Asked[] => {
    const first = new Map<string, Asked>();
    return all.map((one) => {
      const key = requestIdOf(one);
      first.set(key, first.get(key) ?? one);
      return first.get(key) as Asked;
    });
  };
  const summary = (answers: readonly PromiseSettledResult<ActivationAnswer>[]): readonly unknown[] =>
    answers.map((answer) => (answer.status === 'fulfilled' ? [answer.value.outcome, answer.value.count] : (answer.reason as { kind: string }).kind));
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { maxLength: 30 }).map(withOneContentAnId), async (all) => {
      const [together, alone] = [await setUp(), await setUp({ batchCommandsMax: 1 })];
      const batched = await Promise.allSettled(all.map(together.ask));
      const single: PromiseSettledResult<ActivationAnswer>[] = [];
      for (const one of all) single.push(...(await Promise.allSettled([alone.ask(one)])));
      const counted = async ({ events }: World) => (await events()).map((event) => [event.type, 'machine' in event.data ? event.data.machine : null]);
      try {
        expect(summary(batched)).toEqual(summary(single));
        expect(await counted(together)).toEqual(await counted(alone));
      } finally {
        await Promise.all([together.stop(), alone.stop()]);
      }
    }),
    { numRuns: 40 },
  );
});
