import type { ActivationAnswer, DomainEvent, RequestActivation } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import { applyPolicies, applyRow, countAt, initialCountingState } from '@muster/domain';
import type { NewEvent } from '@muster/event-store';
import { createInMemoryEventStore, createInMemoryLedgers, createLedgerWriter } from '@muster/event-store';
import { createHostSigner, signingKeysOf } from '@muster/issuance';
import { DAY_SECONDS, isProblem, toInstant, toNumericDate } from '@muster/kernel';
import { aHostCertificate, aKey, fixedClock, hostActivated, seededDraws, TEST_START_MS } from '@muster/testing';
import { contentDigestOf } from '@muster/trust';
import { enrolmentFold } from '../wiring/enrolment-fold.js';
import { decideActivations, identifyActivation } from './decide-activations.js';
import { startFollowers } from './followers.fixture.js';
import { tallyFrom } from './tally-from.fixture.js';

const LEDGER = 'main';
const TOKEN = aKey('an enrolment token').publicJwk.x;
const POOL = 'acme';

type Ask = (machine: string, token?: string) => Promise<string>;

/** A host whose vendor counts only enrolled machines, as many processes on its ledger as are started, and a token for `uses` machines. */
const enrolmentWorld = async (uses: number) => {
  const clock = fixedClock(TEST_START_MS);
  const ledgers = createInMemoryLedgers();
  const newStore = () => createInMemoryEventStore({ clock, storeClock: clock, ledgers });
  const store = newStore();
  const { certificate: plain } = await aHostCertificate();
  const { rootKey, hostKey, certificate } = await aHostCertificate({ pools: plain.claims.pools.map((pool) => ({ ...pool, countOnlyEnrolled: true })) });

  const record = async (event: DomainEvent): Promise<void> => {
    const recorded: NewEvent = { event, actor: 'operator:test', requestId: null, causedByPrevious: false };
    const nowMs = clock.nowMs();
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: [recorded], requests: [], personal: [] });
  };
  await record(hostActivated(certificate));
  const tokenId = seededDraws('token').uuid();
  await record({ type: 'EnrolmentTokenCreated', data: { tokenId, tokenKey: TOKEN, maximumUses: uses, expiresAt: toInstant(TEST_START_MS + 7 * DAY_SECONDS * 1000) } });

  const stops: (() => Promise<void>)[] = [];
  const replica = async (name: string): Promise<Ask> => {
    const own = newStore();
    const followers = await startFollowers(own, LEDGER);
    const signer = createHostSigner({ root: rootKey.publicJwk, keys: signingKeysOf(hostKey), clock });
    const writer = createLedgerWriter<RequestActivation, ActivationAnswer>({
      store: own,
      ledger: LEDGER,
      clock,
      identify: identifyActivation,
      decide: decideActivations({ store: own, follower: followers.joined, signer, draws: seededDraws(name), tally: tallyFrom(own) }),
      onAppended: followers.onAppended,
    });
    stops.push(async () => {
      await writer.stop();
      await followers.stop();
    });
    let asked = 0;
    /** The outcome, or the problem's kind. */
    return (machine: string, token?: string): Promise<string> => {
      asked += 1;
      const content = { kind: 'activation' as const, product: 'acme.workstation', virtual: false, citedLease: null, evidence: null, ...(token === undefined ? {} : { enrolment: token }) };
      const command: RequestActivation = {
        ...{ machine: aKey(`machine:${machine}`).id, requestId: seededDraws(`${name} ${asked}`).uuid(), product: content.product, virtual: false, citedLease: null, audience: null },
        ...{ issuedAt: toNumericDate(clock.nowMs()), contentDigest: contentDigestOf(content), hostname: machine, address: null },
        ...(token === undefined ? {} : { enrolment: token }),
      };
      return writer.submit(command, 60_000).then(
        ({ outcome, count }) => `${outcome} ${count}`,
        (error: unknown) => (isProblem(error) ? error.kind : String(error)),
      );
    };
  };

  const events = async (): Promise<readonly DomainEvent[]> => (await store.read({ ledger: LEDGER, after: 0, limit: 10_000 })).map(decodeBody);
  /** From the narrow columns of the whole ledger. */
  const replayedCount = async (): Promise<number> => {
    const counts = initialCountingState();
    applyPolicies(counts, certificate.claims, TEST_START_MS);
    for (const recorded of await store.read({ ledger: LEDGER, after: 0, limit: 10_000 })) applyRow(counts, { recordedAtMs: recorded.recordedAtMs, ...recorded.columns });
    const pool = counts.get(POOL);
    return pool === undefined ? 0 : countAt(pool, clock.nowMs()).physical;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((each) => each()));
  };
  return { store, replica, record, events, replayedCount, stop };
};

type EnrolmentWorld = Awaited<ReturnType<typeof enrolmentWorld>>;

const worlds: EnrolmentWorld[] = [];
const world = async (uses: number): Promise<EnrolmentWorld> => {
  const made = await enrolmentWorld(uses);
  worlds.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()));
});

describe('where the vendor counts only enrolled machines', () => {
  it('a loop that makes a hundred keys does not move the count, whatever it presents', async () => {
    const { replica, events, replayedCount } = await world(30);
    const ask = await replica('one');
    const other = aKey('a guess').publicJwk.x;
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(`loop-${index}`, index % 2 === 0 ? undefined : other)));
    expect(new Set(outcomes)).toEqual(new Set(['deferred 0', 'enrolment-not-valid']));
    expect(await replayedCount()).toBe(0);
    expect((await events()).filter(({ type }) => type === 'ActivationRequested')).toHaveLength(50);
  });

  it('the others are served once those who enrolled meet the threshold, and go on counting for nothing', async () => {
    const { replica, replayedCount } = await world(25);
    const ask = await replica('one');
    expect(await ask('stranger')).toBe('deferred 0');
    const enrolled = await Promise.all(Array.from({ length: 25 }, (_, index) => ask(`ws-${index}`, TOKEN)));
    expect(enrolled.at(-1)).toBe('granted 25');
    expect(await ask('stranger')).toBe('granted 25');
    expect(await replayedCount()).toBe(25);
    expect(await ask('ws-0')).toBe('granted 25');
  });

  it('a token enrols as many machines as it was made for, however many processes are asked at once', async () => {
    const { replica, events, replayedCount } = await world(7);
    const replicas = await Promise.all(['one', 'two', 'three'].map((name) => replica(name)));
    const outcomes = await Promise.all(Array.from({ length: 30 }, (_, index) => (replicas[index % 3] as Ask)(`ws-${index}`, TOKEN)));
    expect(outcomes.filter((outcome) => outcome.startsWith('deferred'))).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'enrolment-not-valid')).toHaveLength(23);
    expect((await events()).filter(({ type }) => type === 'MachineEnrolled')).toHaveLength(7);
    expect(await replayedCount()).toBe(7);
  });

  it('a machine that asks two processes at once enrols once', async () => {
    const { replica, events } = await world(2);
    const [one, two] = await Promise.all([replica('one'), replica('two')]);
    await Promise.all([one('ws', TOKEN), two('ws', TOKEN)]);
    expect((await events()).filter(({ type }) => type === 'MachineEnrolled')).toHaveLength(1);
  });

  it('who enrolled, and what is left of a token, outlast a restart from a snapshot', async () => {
    const { store, replica, stop, replayedCount } = await world(1);
    await (await replica('one'))('ws', TOKEN);
    await stop();
    expect(await store.loadSnapshot({ ledger: LEDGER, fold: enrolmentFold.name, foldVersion: enrolmentFold.snapshots?.version ?? 0 })).toBeDefined();
    const ask = await replica('two');
    expect(await ask('ws')).toBe('deferred 1');
    expect(await ask('other', TOKEN)).toBe('enrolment-not-valid');
    expect(await replayedCount()).toBe(1);
  });

  it('a retirement that slips in takes the enrolment with it', async () => {
    const { replica, record, replayedCount } = await world(2);
    const ask = await replica('one');
    await ask('ws', TOKEN);
    await record({ type: 'MachineRetired', data: { machine: aKey('machine:ws').id, reason: 'lost' } });
    expect(await ask('ws')).toBe('deferred 0');
    expect(await replayedCount()).toBe(0);
  });
});
