import fc from 'fast-check';
import type { DomainEvent, HostCertificateClaims, PoolCounts, RequestActivation } from '@muster/contracts';
import { eventCatalogue } from '@muster/contracts';
import type { HostState } from '../hosts/host.fold.js';
import { hostFold } from '../hosts/host.fold.js';
import type { ActivationContext } from './outcome-events.js';
import { decideActivation } from './request-activation.decide.js';

const NOW_MS = Date.UTC(2026, 2, 1, 9, 30, 0, 250);
const NOW_SECONDS = Math.floor(NOW_MS / 1000);
const DAY = 86_400;
const id = (letter: string): string => letter.repeat(42) + 'A';
const LEASE_ID = '5f0c3cd0-7a1e-4b7e-8a55-2f8d3c1f9a01';

const intervals = { leaseSeconds: 180 * DAY, renewAfterSeconds: 7 * DAY, retryAfterSeconds: 7200 };

const claims: HostCertificateClaims = {
  iss: 'acme',
  sub: id('h'),
  jti: 'e7a0ab30-3d8f-4d4d-9a7f-3f9a61b0c001',
  iat: NOW_SECONDS - DAY,
  nbf: NOW_SECONDS - DAY,
  exp: NOW_SECONDS + 365 * DAY,
  organisation: 'example',
  environment: 'production',
  cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: id('x') } },
  coversGroup: 'servers',
  groups: [
    { name: 'workstations', rank: 1 },
    { name: 'servers', rank: 2 },
    { name: 'datacenters', rank: 3 },
  ],
  pools: [{ name: 'acme', countWindowSeconds: 30 * DAY, countVirtualMachines: false }],
  products: [
    { name: 'acme.workstation', group: 'workstations', pool: 'acme', threshold: 25, ...intervals },
    { name: 'acme.server', group: 'servers', pool: 'acme', threshold: 5, ...intervals },
    { name: 'acme.datacenter', group: 'datacenters', pool: 'acme', threshold: 5, ...intervals },
  ],
  renewalGraceSeconds: 0,
};

const hostActivated = (overrides: Partial<HostCertificateClaims> = {}): DomainEvent => ({
  type: 'HostActivated',
  data: { host: claims.sub, certificate: 'a.b.c', certificateDigest: id('d'), claims: { ...claims, ...overrides } },
});
const hostRetired: DomainEvent = { type: 'HostRetired', data: { host: claims.sub, reason: 'decommissioned' } };

const given = (...events: readonly DomainEvent[]): HostState => events.reduce(hostFold.evolve, hostFold.initialState());

const request = (overrides: Partial<RequestActivation> = {}): RequestActivation => ({
  machine: id('m'),
  requestId: '0b54b1ea-5a1c-4f4e-b0a6-8f1b7e0c2a10',
  product: 'acme.workstation',
  virtual: false,
  citedLease: null,
  audience: null,
  issuedAt: NOW_SECONDS,
  contentDigest: id('c'),
  hostname: 'ws-01',
  address: '127.0.0.1',
  ...overrides,
});

const context = (counts: PoolCounts | undefined, spread = 0.5): ActivationContext => ({ head: 41, nowMs: NOW_MS, clockMs: NOW_MS, counts, draws: { leaseId: LEASE_ID, spread } });

const outcomeOf = (host: HostState, asked: RequestActivation, counts?: PoolCounts): DomainEvent => {
  const decision = decideActivation(asked, host, context(counts));
  if (decision.status !== 'recorded') throw new Error(`rejected: ${decision.kind}`);
  return decision.events[1];
};

const rejectionOf = (host: HostState, asked: RequestActivation): string => {
  const decision = decideActivation(asked, host, context(undefined));
  if (decision.status !== 'rejected') throw new Error('recorded');
  return decision.kind;
};

describe('the activation threshold', () => {
  const host = given(hostActivated());

  it('defers the twenty-fourth workstation and grants the twenty-fifth', () => {
    expect(outcomeOf(host, request(), { physical: 24, virtual: 0 }).type).toBe('ActivationDeferred');
    expect(outcomeOf(host, request(), { physical: 25, virtual: 0 }).type).toBe('ActivationGranted');
  });

  it('grants the fifth machine of a pool if it is a server and not if it is a workstation', () => {
    const fifth = { physical: 5, virtual: 0 };
    expect(outcomeOf(host, request({ product: 'acme.server' }), fifth).type).toBe('ActivationGranted');
    expect(outcomeOf(host, request({ product: 'acme.workstation' }), fifth).type).toBe('ActivationDeferred');
  });

  it('does not count virtual machines, but activates them once the physical count meets the threshold', () => {
    expect(outcomeOf(host, request({ virtual: true }), { physical: 24, virtual: 900 })).toMatchObject({ type: 'ActivationDeferred', data: { basis: { count: 24 } } });
    expect(outcomeOf(host, request({ virtual: true }), { physical: 25, virtual: 1 })).toMatchObject({ type: 'ActivationGranted', data: { basis: { count: 25 } } });
  });

  it('counts virtual machines where the vendor says so', () => {
    const counting = given(hostActivated({ pools: [{ name: 'acme', countWindowSeconds: 30 * DAY, countVirtualMachines: true }] }));
    expect(outcomeOf(counting, request({ virtual: true }), { physical: 20, virtual: 5 })).toMatchObject({ type: 'ActivationGranted', data: { basis: { count: 25 } } });
  });

  it('never grants below it and never defers at it', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.boolean(), fc.constantFrom('acme.server', 'acme.workstation'), (physical, virtual, isVirtual, product) => {
        const threshold = product === 'acme.server' ? 5 : 25;
        const outcome = outcomeOf(host, request({ product, virtual: isVirtual }), { physical, virtual });
        expect(outcome.type).toBe(physical >= threshold ? 'ActivationGranted' : 'ActivationDeferred');
      }),
    );
  });
});

describe('a grant', () => {
  it('is a lease of 180 days from the whole second of the decision, renewed after 7 days, and says what it was decided from', () => {
    expect(outcomeOf(given(hostActivated()), request(), { physical: 31, virtual: 2 })).toEqual({
      type: 'ActivationGranted',
      data: {
        machine: id('m'),
        product: 'acme.workstation',
        pool: 'acme',
        virtual: false,
        leaseId: LEASE_ID,
        kid: claims.sub,
        issuedAt: '2026-03-01T09:30:00.000Z',
        expiresAt: '2026-08-28T09:30:00.000Z',
        renewAfterSeconds: 604_800,
        renewalWindow: { opensAfterSeconds: 475_200, closesAfterSeconds: 561_600 },
        retryAfterSeconds: 7200,
        basis: { head: 41, now: '2026-03-01T09:30:00.250Z', rulesVersion: 1, certificate: id('d'), count: 31, threshold: 25, draws: { leaseId: LEASE_ID, spread: 0.5 } },
      },
    });
  });
});

describe('a deferral', () => {
  it('draws its retry delay from 0.75 to 1 of the policy’s interval, and records the draw', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (spread) => {
        const decision = decideActivation(request(), given(hostActivated()), context({ physical: 1, virtual: 0 }, spread));
        if (decision.status !== 'recorded' || decision.events[1].type !== 'ActivationDeferred') throw new Error('not deferred');
        const { retryAfterSeconds, basis } = decision.events[1].data;
        expect(retryAfterSeconds).toBeGreaterThanOrEqual(5400);
        expect(retryAfterSeconds).toBeLessThanOrEqual(7200);
        expect(basis.draws).toEqual({ spread });
      }),
    );
  });
});

describe('a host that cannot serve a known product', () => {
  it('refuses a group above the one its certificate covers', () => {
    expect(outcomeOf(given(hostActivated()), request({ product: 'acme.datacenter' }))).toMatchObject({ type: 'ActivationRefused', data: { reason: 'product-not-covered' } });
  });

  it('serves lower groups with a higher one, and not the other way round', () => {
    const workstationsOnly = given(hostActivated({ coversGroup: 'workstations' }));
    expect(outcomeOf(workstationsOnly, request({ product: 'acme.server' }))).toMatchObject({ type: 'ActivationRefused' });
    expect(outcomeOf(workstationsOnly, request(), { physical: 25, virtual: 0 })).toMatchObject({ type: 'ActivationGranted' });
  });

  it('refuses once it is retired, and serves again under a new certificate', () => {
    expect(outcomeOf(given(hostActivated(), hostRetired), request())).toMatchObject({ type: 'ActivationRefused', data: { reason: 'host-retired' } });
    expect(outcomeOf(given(hostActivated(), hostRetired, hostActivated()), request(), { physical: 25, virtual: 0 }).type).toBe('ActivationGranted');
  });

  it.each([
    ['not yet valid', { nbf: NOW_SECONDS + 1 }],
    ['expired', { exp: NOW_SECONDS }],
  ])('refuses while its certificate is %s', (_, validity) => {
    expect(outcomeOf(given(hostActivated(validity)), request())).toMatchObject({ type: 'ActivationRefused', data: { reason: 'host-certificate-not-valid' } });
  });
});

describe('a product that is licensed as an upgrade', () => {
  const upgrade = { name: 'acme.upgrade', group: 'workstations', pool: 'acme', threshold: 25, ...intervals, qualification: { table: 'SLIC', marker: 'ACME PRO', unreadable: 'refuse' } } as const;
  const host = given(hostActivated({ products: [upgrade] }));
  const saying = (marker: string) => [{ table: 'SLIC', status: 'present', oemId: 'ACRSYS', oemTableId: 'ACRPRDCT', marker } as const];
  const asked = (marker: string) => request({ product: 'acme.upgrade', evidence: saying(marker) });

  it('is refused on a machine without the marker, which is not counted; what its firmware said is on record', () => {
    const decision = decideActivation(asked('WINDOWS'), host, context(undefined));
    expect(decision).toMatchObject({
      status: 'recorded',
      events: [
        { type: 'ActivationRequested', data: { evidence: saying('WINDOWS') } },
        { type: 'ActivationRefused', data: { reason: 'qualification-missing' } },
      ],
    });
  });

  it('is activated on a machine with it', () => {
    expect(outcomeOf(host, asked('ACME PRO'), { physical: 25, virtual: 0 }).type).toBe('ActivationGranted');
  });

  it('is refused for what the host lacks before what the machine lacks', () => {
    expect(outcomeOf(given(hostActivated({ products: [upgrade] }), hostRetired), asked('WINDOWS'))).toMatchObject({ data: { reason: 'host-retired' } });
  });
});

describe('a request that leaves no trace', () => {
  const host = given(hostActivated());

  it.each([
    ['a host without a certificate', given(), request(), 'host-not-activated'],
    ['a product the vendor does not list', host, request({ product: 'acme.toaster' }), 'unknown-product'],
    ['a request meant for another host', host, request({ audience: id('o') }), 'wrong-host'],
    ['a request signed 301 s ago', host, request({ issuedAt: NOW_SECONDS - 301 }), 'request-not-fresh'],
    ['a request signed 301 s ahead', host, request({ issuedAt: NOW_SECONDS + 301 }), 'request-not-fresh'],
  ])('%s', (_, state, asked, kind) => {
    expect(rejectionOf(state, asked)).toBe(kind);
  });

  it('is judged by the host’s own clock, not by a ledger that is ahead of it', () => {
    const behind = { ...context({ physical: 24, virtual: 0 }), clockMs: NOW_MS - 400_000 };
    expect(decideActivation(request(), host, behind)).toMatchObject({ kind: 'request-not-fresh', extensions: { serverTime: '2026-03-01T09:23:20.250Z' } });
    expect(decideActivation(request({ issuedAt: NOW_SECONDS - 400 }), host, behind)).toMatchObject({ status: 'recorded', events: [{}, { data: { basis: { now: '2026-03-01T09:30:00.250Z' } } }] });
  });

  it('is told the server’s time when it is not fresh', () => {
    expect(decideActivation(request({ issuedAt: 0 }), host, context(undefined))).toMatchObject({ extensions: { serverTime: '2026-03-01T09:30:00.250Z', toleranceSeconds: 300 } });
  });

  it('is not one signed 299 s ago or ahead', () => {
    for (const issuedAt of [NOW_SECONDS - 299, NOW_SECONDS + 299]) expect(outcomeOf(host, request({ issuedAt }), { physical: 1, virtual: 0 }).type).toBe('ActivationDeferred');
  });
});

it('records only what fits the frozen schemas', () => {
  const hosts = [given(hostActivated()), given(hostActivated({ coversGroup: 'workstations' })), given(hostActivated(), hostRetired)];
  for (const host of hosts) {
    for (const product of ['acme.server', 'acme.workstation', 'acme.datacenter']) {
      for (const physical of [1, 50]) {
        const decision = decideActivation(request({ product }), host, context({ physical, virtual: 0 }));
        if (decision.status !== 'recorded') throw new Error(decision.kind);
        for (const event of decision.events) expect(eventCatalogue[event.type].schema.parse(event.data)).toEqual(event.data);
      }
    }
  }
});
