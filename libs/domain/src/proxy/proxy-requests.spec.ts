import fc from 'fast-check';
import type { DomainEvent, RequestProxy } from '@muster/contracts';
import { aHostCertificate, anEvent, hostActivated, TEST_START_MS } from '@muster/testing';
import { hostFold, type HostState } from '../hosts/host.fold.js';
import { decideProxyConfirmation } from './confirm-proxy.decide.js';
import { listProxyRequests } from './list-proxy-requests.js';
import { applyProxyEvent, noProxyRequests, proxyRequestOf, type ProxyRequests } from './proxy-requests.fold.js';
import { decideProxyRequest, PROXY_REQUESTS_OPEN_MAX } from './request-proxy.decide.js';

const MACHINES = ['ann', 'ben', 'cat'] as const;
const PRODUCT = 'acme.workstation';

const asks = (machine: string, request: string, product = PRODUCT): RequestProxy => ({ machine, product, requestId: request, request, requestDigest: request, hostname: null, address: null });

const requested = (machine: string, request: string): DomainEvent => ({ type: 'ProxyActivationRequested', data: { machine, product: PRODUCT, requestDigest: request, request } });
const confirmed = (machine: string, request: string, leaseId = 'lease-1'): DomainEvent => ({
  type: 'ProxyActivationConfirmed',
  data: { machine, product: PRODUCT, requestDigest: request, leaseId, lease: leaseId },
});
const retired = (machine: string): DomainEvent => ({ type: 'MachineRetired', data: { machine, reason: 'lost' } });

const after = (...events: readonly DomainEvent[]): ProxyRequests =>
  events.reduce((state, event, index) => applyProxyEvent(state, event, { position: index + 1, recordedAtMs: TEST_START_MS }), noProxyRequests());

describe('an installation request that is left with the host', () => {
  let host: HostState;
  beforeAll(async () => {
    host = hostFold.evolve(hostFold.initialState(), hostActivated((await aHostCertificate()).certificate));
  });
  const decide = (command: RequestProxy, requests: ProxyRequests, { usedBefore = false, as = host } = {}) => decideProxyRequest(command, { host: as, requests, usedBefore });

  it('is recorded, and the same again is known', () => {
    expect(decide(asks('ann', 'r1'), after())).toEqual({ status: 'recorded', event: requested('ann', 'r1') });
    expect(decide(asks('ann', 'r1'), after(requested('ann', 'r1')))).toMatchObject({ status: 'known', request: { position: 1, confirmed: null } });
    expect(decide(asks('ann', 'r1'), after(requested('ann', 'r1'), confirmed('ann', 'r1')))).toMatchObject({ status: 'known', request: { confirmed: { position: 2, leaseId: 'lease-1' } } });
  });

  it('takes the place of the one before, which is then not taken again', () => {
    const requests = after(requested('ann', 'r1'), requested('ann', 'r2'));
    expect(requests.open).toBe(1);
    expect(decide(asks('ann', 'r1'), requests, { usedBefore: true })).toMatchObject({ status: 'rejected', kind: 'request-id-conflict' });
  });

  it('needs an activated host whose vendor knows the product', () => {
    const gone = hostFold.evolve(host, anEvent('HostRetired'));
    expect(decide(asks('ann', 'r1'), after(), { as: hostFold.initialState() })).toMatchObject({ kind: 'host-not-activated' });
    expect(decide(asks('ann', 'r1'), after(), { as: gone })).toMatchObject({ kind: 'host-retired' });
    expect(decide(asks('ann', 'r1', 'acme.toaster'), after())).toMatchObject({ kind: 'unknown-product' });
  });

  it('is turned away where too many wait, unless it takes the place of one', () => {
    const full = after(requested('ann', 'r1'));
    full.open = PROXY_REQUESTS_OPEN_MAX;
    expect(decide(asks('ben', 'r1'), full)).toMatchObject({ kind: 'overloaded' });
    expect(decide(asks('ann', 'r2'), full)).toMatchObject({ status: 'recorded' });
  });

  it('is answered once', () => {
    const lease = { machine: 'ann', product: PRODUCT, leaseId: 'lease-1', lease: 'lease-1' };
    expect(decideProxyConfirmation(lease, after())).toMatchObject({ status: 'not-requested' });
    expect(decideProxyConfirmation(lease, after(requested('ann', 'r1')))).toEqual({ status: 'recorded', event: confirmed('ann', 'r1') });
    const answered = after(requested('ann', 'r1'), confirmed('ann', 'r1'));
    expect(decideProxyConfirmation(lease, answered)).toMatchObject({ status: 'known' });
    expect(decideProxyConfirmation({ ...lease, leaseId: 'lease-2' }, answered)).toMatchObject({ status: 'not-requested' });
  });

  it('leaves with its machine', () => expect(proxyRequestOf(after(requested('ann', 'r1'), retired('ann')), { machine: 'ann', product: PRODUCT })).toBeUndefined());

  it('is one a machine, and is listed exactly while it waits', () => {
    const event = fc.tuple(fc.constantFrom(...MACHINES), fc.constantFrom('r1', 'r2'), fc.constantFrom('ask', 'confirm', 'retire')).map(([machine, request, what]) => {
      if (what === 'retire') return retired(machine);
      return what === 'ask' ? requested(machine, request) : confirmed(machine, request);
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (history) => {
        const state = after(...history);
        const waiting = MACHINES.filter((machine) => {
          const own = history.filter(({ data }) => 'machine' in data && data.machine === machine);
          const last = own.findLastIndex(({ type }) => type !== 'ProxyActivationConfirmed');
          const asked = own[last];
          if (asked?.type !== 'ProxyActivationRequested') return false;
          return !own.slice(last).some((one) => one.type === 'ProxyActivationConfirmed' && one.data.requestDigest === asked.data.requestDigest);
        });
        expect(listProxyRequests(state, { limit: 10 }).entries.map(({ machine }) => machine)).toEqual(waiting);
        expect(state.open).toBe(waiting.length);
      }),
    );
  });
});
