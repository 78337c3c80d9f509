import type { InstallationAnswer, RecordedEvent, RequestProxy } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { hostEventTypes, hostFold, proxyRequestsFold } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { createFollower, createInMemoryEventStore, createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import { aHostCertificate, anEvent, fixedClock, hostActivated, seededDraws, TEST_START_MS } from '@muster/testing';
import { digestOf } from '@muster/trust';
import type { ProxyAnswer, ProxyCommand } from './decide-proxies.js';
import { decideProxies, identifyProxy } from './decide-proxies.js';

const LEDGER = 'main';
const PRODUCT = 'acme.workstation';
const MACHINE = digestOf('a machine');
const LEASE_ID = '00000000-0000-4000-8000-00000000001e';

const draws = seededDraws('proxy');
const asks = (request: string, requestId = draws.uuid(), machine = MACHINE): RequestProxy => ({ machine, product: PRODUCT, requestId, request, requestDigest: digestOf(request), hostname: 'ws-01', address: null });

interface World {
  readonly store: EventStore;
  readonly leave: (request: RequestProxy) => Promise<InstallationAnswer>;
  readonly confirm: (leaseId?: string, machine?: string) => Promise<ProxyAnswer['answer']>;
  readonly types: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

/** Replicas of the writer, each with followers of its own, on one ledger. */
const setUp = async ({ activated = true } = {}): Promise<{ readonly one: World; readonly other: World }> => {
  const clock = fixedClock(TEST_START_MS);
  const store = createInMemoryEventStore({ clock, storeClock: clock });
  if (activated) {
    const event = { event: hostActivated((await aHostCertificate()).certificate), actor: 'service:activation', requestId: null, causedByPrevious: false };
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: TEST_START_MS, nowMs: TEST_START_MS, events: [event], requests: [], personal: [] });
  }
  const replica = async (): Promise<World> => {
    const hosts: Follower<HostState> = createFollower({
      store,
      ledger: LEDGER,
      fold: { name: 'host', wholeTypes: hostEventTypes, initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
    });
    const requests = createFollower({ store, ledger: LEDGER, fold: proxyRequestsFold });
    await Promise.all([hosts.start(), requests.start()]);
    const writer = createLedgerWriter<ProxyCommand, ProxyAnswer>({
      store,
      ledger: LEDGER,
      clock,
      identify: identifyProxy,
      decide: decideProxies({ store, hosts, requests }),
      onAppended: (events: readonly RecordedEvent[]) => {
        const message = toLedgerAppended(events);
        hosts.onAppended(message);
        requests.onAppended(message);
      },
    });
    return {
      store,
      leave: async (request) => (await writer.submit({ type: 'request', request })).answer as InstallationAnswer,
      confirm: async (leaseId = LEASE_ID, machine = MACHINE) => (await writer.submit({ type: 'confirm', lease: { machine, product: PRODUCT, leaseId, lease: 'e30.e30.AA' }, actor: 'operator:test' })).answer,
      types: async () => (await store.read({ ledger: LEDGER, after: 0, limit: 100 })).map(({ type }) => type).slice(activated ? 1 : 0),
      stop: async () => {
        await writer.stop();
        await Promise.all([hosts.stop(), requests.stop()]);
      },
    };
  };
  return { one: await replica(), other: await replica() };
};

describe('installation requests left with the host', () => {
  const worlds: World[] = [];
  const world = async (options: { readonly activated?: boolean } = {}) => {
    const { one, other } = await setUp(options);
    worlds.push(one, other);
    return { one, other };
  };
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((each) => each.stop()));
  });

  it('are recorded once, however often and wherever they come, with the name beside the ledger', async () => {
    const { one, other } = await world();
    const request = asks('a.b.c');
    const answers = await Promise.all([one.leave(request), one.leave(request), other.leave(request)]);
    expect(answers).toEqual(answers.map(() => ({ outcome: 'waiting', requestDigest: request.requestDigest, position: 2, retryAfterSeconds: 7200 })));
    expect(await one.types()).toEqual(['ProxyActivationRequested']);
    const [recorded] = await one.store.readAt(LEDGER, [2]);
    expect(Buffer.from(recorded?.body ?? []).toString()).not.toContain('ws-01');
    expect(await one.store.readPersonalData(LEDGER, MACHINE)).toMatchObject([{ requestId: request.requestId, hostname: 'ws-01' }]);
  });

  it('get the lease that was handed back, by whichever replica, as often as they ask', async () => {
    const { one, other } = await world();
    const request = asks('a.b.c');
    await one.leave(request);
    expect(await other.confirm()).toMatchObject({ outcome: 'confirmed', position: 3 });
    expect(await one.confirm()).toMatchObject({ outcome: 'known', position: 3 });
    const confirmed = { outcome: 'confirmed', requestDigest: request.requestDigest, position: 3, leaseId: LEASE_ID, lease: 'e30.e30.AA' };
    expect([await one.leave(request), await other.leave(request)]).toEqual([confirmed, confirmed]);
    expect(await one.types()).toEqual(['ProxyActivationRequested', 'ProxyActivationConfirmed']);
  });

  it('are answered to nobody who does not send the very request', async () => {
    const { one } = await world();
    await one.leave(asks('a.b.c'));
    await one.confirm();
    expect(await one.leave(asks('d.e.f'))).toMatchObject({ outcome: 'waiting' });
  });

  it('give way to a later one of the machine, and are then in the way no more', async () => {
    const { one } = await world();
    const first = asks('a.b.c');
    await one.leave(first);
    await one.leave(asks('d.e.f'));
    await expect(one.leave(first)).rejects.toMatchObject({ kind: 'request-id-conflict' });
    expect(await one.types()).toEqual(['ProxyActivationRequested', 'ProxyActivationRequested']);
  });

  it('of one round rest on each other', async () => {
    const { one } = await world();
    const [first, second] = [asks('a.b.c'), asks('d.e.f')];
    const answers = await Promise.allSettled([one.leave(first), one.leave(second), one.confirm(), one.confirm(), one.confirm(LEASE_ID, digestOf('a stranger'))]);
    expect(answers.map((settled) => (settled.status === 'fulfilled' ? settled.value.outcome : 'failed'))).toEqual(['waiting', 'waiting', 'confirmed', 'known', 'not-requested']);
    expect(await one.leave(second)).toMatchObject({ outcome: 'confirmed' });
  });

  it('need an activated host, and end with their machine', async () => {
    const { one } = await world({ activated: false });
    await expect(one.leave(asks('a.b.c'))).rejects.toMatchObject({ kind: 'host-not-activated' });
    expect(await one.types()).toEqual([]);
    const { one: host } = await world();
    await host.leave(asks('a.b.c'));
    const retired = anEvent('MachineRetired', { machine: MACHINE });
    await host.store.append({ ledger: LEDGER, expectedHead: await host.store.head(LEDGER), recordedAtMs: TEST_START_MS, nowMs: TEST_START_MS, events: [{ event: retired, actor: 'operator:test', requestId: null, causedByPrevious: false }], requests: [], personal: [] });
    expect(await host.confirm()).toMatchObject({ outcome: 'not-requested' });
  });
});
