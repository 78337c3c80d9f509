import type { DomainEvent, EventOf } from '@muster/contracts';
import { announced, DOMAIN, fellSilent, GENERAL, idOf, THEIRS, withdrawn } from '../dns/dns.fixture.js';

const change = (host: string) => ({ endpoint: idOf(host), domain: DOMAIN, name: GENERAL, epoch: 7, server: '127.0.0.1:53', rcode: 'NOERROR', serial: 4 });
const published = (host: string): EventOf<'ServiceRecordPublished'> => ({ type: 'ServiceRecordPublished', data: { ...change(host), priority: 0, weight: 10, ttlSeconds: 300, scheme: 'https' } });

/** What a registrar records of three gateways, one append after the other; events of one append are no consequences of each other. */
export const dnsAppends = (nowMs: number): readonly (readonly DomainEvent[])[] => [
  [announced('a'), announced('b'), announced('c')],
  [published('a'), published('b')],
  [{ type: 'EndpointConfigured', data: { endpoint: idOf('a'), priority: 3, weight: null, domains: [DOMAIN] } }],
  [fellSilent('a', 'stopped', nowMs), fellSilent('b', 'unheard', nowMs), fellSilent('c', 'stopped', nowMs)],
  [{ type: 'EndpointHeardAgain', data: { endpoint: idOf('b') } }, withdrawn('a', 'stopped'), fellSilent('c', 'unheard', nowMs)],
  [{ type: 'ServiceRecordWithdrawn', data: { ...change('a'), reason: 'endpoint-withdrawn' } }],
  [announced('a')],
  [withdrawn('b', 'command')],
  [{ type: 'EndpointReadmitted', data: { endpoint: idOf('b') } }],
  [{ type: 'DnsConflictDetected', data: { endpoint: idOf('b'), domain: DOMAIN, owner: THEIRS, found: 'SRV 0 10 443' } }],
  [{ type: 'DnsTakeOverOrdered', data: { endpoint: idOf('b'), domain: DOMAIN, owner: THEIRS } }],
];
