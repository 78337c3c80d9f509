import type { DnsDescription } from '@muster/contracts';
import type { Paint } from '../../terminal/paint.js';
import { type Column, tableLines } from '../../terminal/table.js';
import { conflictLines } from '../plan/plan-lines.js';

type Endpoint = DnsDescription['endpoints'][number];
type Domain = DnsDescription['domains'][number];
type Server = Domain['servers'][number];
type Published = Endpoint['published'][number] & Pick<Endpoint, 'endpoint'>;

const standingWords = ({ standing, cause, since }: Endpoint): string => (standing === 'heard' ? standing : `${standing}${cause === null ? '' : ` (${cause})`} since ${since}`);

const endpointColumns: readonly Column<Endpoint>[] = [
  { title: 'endpoint', cell: ({ endpoint }) => endpoint },
  { title: 'scheme', cell: ({ scheme }) => scheme },
  { title: 'priority', cell: ({ priority }) => String(priority), right: true },
  { title: 'weight', cell: ({ weight }) => String(weight), right: true },
  { title: 'sites', cell: ({ sites }) => sites.join(', ') || '-' },
  { title: 'domains', cell: ({ domains }) => (domains === null ? 'all' : domains.join(', ') || 'none') },
  { title: 'standing', cell: standingWords },
  { title: 'last heard', cell: ({ lastHeardAt }) => lastHeardAt ?? 'not since this registrar runs' },
];

const publishedColumns: readonly Column<Published>[] = [
  { title: '  published at', cell: ({ name }) => `  ${name}` },
  { title: 'endpoint', cell: ({ endpoint }) => endpoint },
  { title: 'priority', cell: ({ priority }) => String(priority), right: true },
  { title: 'weight', cell: ({ weight }) => String(weight), right: true },
  { title: 'since', cell: ({ at }) => at },
];

const serverColumns: readonly Column<Server>[] = [
  { title: '  server', cell: ({ server }) => `  ${server}` },
  { title: 'standing', cell: ({ standing }) => (standing === 'not-asked' ? 'not asked yet' : standing) },
  { title: 'last success', cell: ({ lastSuccessAt }) => lastSuccessAt ?? '-' },
  { title: 'tried again', cell: ({ retryAt }) => retryAt ?? '-' },
  { title: 'failure', cell: ({ failure }) => (failure === null ? '' : `${failure.kind} at ${failure.at}: ${failure.detail}`) },
];

const serverLines = (servers: readonly Server[]): readonly string[] => (servers.length === 0 ? ['  no dynamic DNS: `muster dns records` prints what to enter, `muster dns check` compares'] : tableLines(serverColumns, servers));

const domainLines = ({ domain, zone, ttlSeconds, sites, servers, key, failure, reconciledAt, conflicts }: Domain, endpoints: readonly Endpoint[], paint: Paint): readonly string[] => {
  const published = endpoints.flatMap(({ endpoint, published: names }) => names.filter((one) => one.domain === domain).map((one) => ({ ...one, endpoint })));
  const facts = [zone === domain ? '' : `zone ${zone}`, `TTL ${ttlSeconds} s`, sites.length === 0 ? '' : `sites ${sites.join(', ')}`, key === null ? '' : `key ${key}`, servers.length === 0 ? '' : `compared ${reconciledAt ?? 'not yet'}`];
  return [
    '',
    `${paint('bold', domain)}  ${facts.filter((fact) => fact !== '').join(', ')}`,
    ...(failure === null ? [] : [`  ${paint('red', 'no server can be asked')}: ${failure.detail} (${failure.kind})`]),
    ...serverLines(servers),
    ...(published.length === 0 ? ['  nothing of ours is published here'] : tableLines(publishedColumns, published)),
    ...conflictLines(domain, conflicts, paint),
  ];
};

/** Everything that the registrar knows, as people read it. */
export const dnsStatusLines = ({ deployment, serving, label, endpoints, domains }: DnsDescription, paint: Paint): readonly string[] => [
  `deployment  ${deployment ?? 'none: nothing is recorded yet'}`,
  `label       ${label}`,
  ...(serving ? [] : [`${paint('yellow', 'not serving')}: the host is not activated, or retired; nothing of it is listed`]),
  '',
  ...(endpoints.length === 0 ? ['No endpoint was announced: a gateway says by MUSTER_ADVERTISE under which name it is reached.'] : tableLines(endpointColumns, endpoints)),
  ...(domains.length === 0 ? ['', 'No domain is configured: MUSTER_DNS_DOMAINS names them.'] : domains.flatMap((domain) => domainLines(domain, endpoints, paint))),
];
