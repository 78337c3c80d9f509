import type { DomainEvent } from '@muster/contracts';
import { announced, dnsAfter, fellSilent, idOf, THEIRS, withdrawn } from './dns.fixture.js';
import type { DnsOrder } from './dns-orders.decide.js';
import { decideDnsOrder, decideTakeOver } from './dns-orders.decide.js';

const given = (...events: readonly DomainEvent[]) => {
  const state = dnsAfter(events);
  return { when: (order: DnsOrder) => decideDnsOrder(order, state), whenTakenOver: (order: Parameters<typeof decideTakeOver>[0]) => decideTakeOver(order, state) };
};
const recorded = (event: DomainEvent) => ({ kind: 'record', event });
const known = (host: string) => ({ kind: 'known', endpoint: idOf(host) });
const refused = (kind: string) => ({ kind: 'refuse', problem: expect.objectContaining({ kind }) });
const configured = (more: object): DomainEvent => ({ type: 'EndpointConfigured', data: { endpoint: idOf('a'), priority: null, weight: null, domains: null, ...more } });
const conflict = (host: string, owner: string | null = THEIRS): DomainEvent => ({ type: 'DnsConflictDetected', data: { endpoint: idOf(host), domain: 'corp.example', owner, found: 'x' } });

describe('an order', () => {
  it('is for the endpoint that it names, or for the only one there is', () => {
    expect(given(announced('a')).when({ order: 'withdraw' })).toEqual(recorded(withdrawn('a', 'command')));
    expect(given(announced('a'), announced('b')).when({ order: 'withdraw', endpoint: idOf('b') })).toEqual(recorded(withdrawn('b', 'command')));
    expect(given(announced('a'), announced('b')).when({ order: 'withdraw' })).toEqual(refused('endpoint-ambiguous'));
    expect(given().when({ order: 'withdraw' })).toEqual(refused('endpoint-unknown'));
    expect(given(announced('a')).when({ order: 'withdraw', endpoint: idOf('x') })).toEqual(refused('endpoint-unknown'));
  });

  it('that names nobody does not mean those that were withdrawn for silence', () => {
    expect(given(announced('a'), announced('b'), withdrawn('b', 'unheard')).when({ order: 'withdraw' })).toEqual(recorded(withdrawn('a', 'command')));
  });

  it('to withdraw holds for one that silence withdrew: its beats bring it back no more', () => {
    expect(given(announced('a'), withdrawn('a', 'unheard')).when({ order: 'withdraw', endpoint: idOf('a') })).toEqual(recorded(withdrawn('a', 'command')));
    expect(given(announced('a'), withdrawn('a', 'command')).when({ order: 'withdraw' })).toEqual(known('a'));
  });

  it('to publish takes back an order to withdraw, and nothing else', () => {
    expect(given(announced('a'), withdrawn('a', 'command')).when({ order: 'publish' })).toEqual(recorded({ type: 'EndpointReadmitted', data: { endpoint: idOf('a') } }));
    expect(given(announced('a'), fellSilent('a', 'unheard')).when({ order: 'publish' })).toEqual(known('a'));
    expect(given(announced('a'), withdrawn('a', 'unheard')).when({ order: 'publish', endpoint: idOf('a') })).toEqual(known('a'));
  });

  it('to prefer changes what it names, keeps the rest, and gives back what is null', () => {
    expect(given(announced('a')).when({ order: 'prefer', weight: 3 })).toEqual(recorded(configured({ weight: 3 })));
    expect(given(announced('a'), configured({ weight: 3 })).when({ order: 'prefer', priority: 1, domains: ['x.example'] })).toEqual(recorded(configured({ weight: 3, priority: 1, domains: ['x.example'] })));
    expect(given(announced('a'), configured({ weight: 3 })).when({ order: 'prefer', weight: null })).toEqual(recorded(configured({})));
    expect(given(announced('a'), configured({ weight: 3, domains: ['x', 'y'] })).when({ order: 'prefer', weight: 3, domains: ['y', 'x'] })).toEqual(known('a'));
    expect(given(announced('a')).when({ order: 'prefer' })).toEqual(known('a'));
  });
});

describe('an order to take over', () => {
  it('names the owner that was found, once', () => {
    const ordered: DomainEvent = { type: 'DnsTakeOverOrdered', data: { endpoint: idOf('a'), domain: 'corp.example', owner: THEIRS } };
    const story = [announced('a'), conflict('a')] as const;
    expect(given(...story).whenTakenOver({ domain: 'corp.example' })).toEqual(recorded(ordered));
    expect(given(...story, ordered).whenTakenOver({ domain: 'corp.example' })).toEqual(known('a'));
    expect(given(...story, ordered, conflict('a', null)).whenTakenOver({ domain: 'corp.example' })).toEqual(recorded({ ...ordered, data: { ...ordered.data, owner: null } }));
  });

  it('is refused where nothing is in the way, or several are and none is named', () => {
    expect(given(announced('a')).whenTakenOver({ domain: 'corp.example' })).toEqual(refused('dns-conflict-unknown'));
    expect(given(announced('a'), conflict('a')).whenTakenOver({ domain: 'other.example' })).toEqual(refused('dns-conflict-unknown'));
    expect(given(announced('a'), conflict('a')).whenTakenOver({ domain: 'corp.example', endpoint: idOf('b') })).toEqual(refused('endpoint-unknown'));
    const two = given(announced('a'), announced('b'), conflict('a'), conflict('b', null));
    expect(two.whenTakenOver({ domain: 'corp.example' })).toEqual(refused('endpoint-ambiguous'));
    expect(two.whenTakenOver({ domain: 'corp.example', endpoint: idOf('b') })).toMatchObject({ event: { data: { owner: null } } });
  });
});
