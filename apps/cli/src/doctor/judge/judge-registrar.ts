import type { DnsDescription, DnsPlan } from '@muster/contracts';
import { counted, durationWords } from '../../terminal/words.js';
import type { FindingId } from '../finding-catalogue.js';
import type { RegistrarFacts } from '../facts.js';
import { finding, type Finding, type Judgement } from '../report.js';

type DescribedDomain = DnsDescription['domains'][number];
type PlannedDomain = DnsPlan['domains'][number];

/** The kind of `DnsFailure` that says so of two clocks. */
const CLOCK_FAILURE = 'tsig-bad-time';

/** A clock that NTP keeps is never so far off. */
const CLOCK_SECONDS_MAX = 30;

const clockFindings = (subject: string, aheadSeconds: number): readonly Finding[] => {
  const seconds = Math.abs(aheadSeconds);
  if (seconds <= CLOCK_SECONDS_MAX) return [];
  return [finding('registrar-clock', { subject, detail: `The registrar's clock is ${durationWords(seconds)} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the server's.`, severity: 'warning' })];
};

const serverFindings = ({ domain, servers }: DescribedDomain): readonly Finding[] =>
  servers.flatMap(({ server, standing, failure, clockAheadSeconds }) => {
    const subject = `${server} for ${domain}`;
    if (standing !== 'failing' || failure === null) return clockFindings(subject, clockAheadSeconds ?? 0);
    const detail = `${failure.detail} (${failure.kind}, ${failure.at}).`;
    return [failure.kind === CLOCK_FAILURE ? finding('registrar-clock', { subject, detail, severity: 'error' }) : finding('registrar-server-failing', { subject, detail })];
  });

const describedFindings = (described: DescribedDomain): readonly Finding[] => [
  ...serverFindings(described),
  ...(described.servers.length === 0 ? [finding('registrar-manual', { subject: described.domain, detail: 'No server is configured for it.' })] : []),
];

const conflictFindings = (domain: string, conflicts: DescribedDomain['conflicts']): readonly Finding[] =>
  conflicts.map(({ endpoint, owner, found }) => finding('registrar-conflict', { subject: `${endpoint} in ${domain}`, detail: `${owner === null ? 'Nobody claims what stands there' : `Deployment ${owner} claims it`}: ${found}` }));

/** Conflicts are known from the last reconciliation; a plan asked DNS now. */
const conflictsIn = (described: readonly DescribedDomain[], planned: readonly PlannedDomain[]): readonly Finding[] =>
  [...described.filter(({ domain }) => !planned.some((each) => each.domain === domain && each.failure === null)), ...planned].flatMap(({ domain, conflicts }) => conflictFindings(domain, conflicts));

const DIFFERENCES: Readonly<Record<PlannedDomain['differences'][number]['kind'], FindingId>> = {
  foreign: 'registrar-foreign',
  stale: 'registrar-stale',
  missing: 'registrar-differs',
  different: 'registrar-differs',
  ttl: 'registrar-differs',
  scheme: 'registrar-differs',
};

const differenceWords = ({ kind, wanted, found }: PlannedDomain['differences'][number]): string =>
  [kind, ...(wanted === null ? [] : [`wanted ${wanted}`]), ...(found === null ? [] : [`found ${found}`])].join('; ');

const plannedFindings = ({ domain, differences, findings, refused, failure }: PlannedDomain): readonly Finding[] => [
  ...(failure === null ? [] : [finding('registrar-unanswered', { subject: domain, detail: `${failure.detail} (${failure.kind}).` })]),
  ...differences.map((difference) => finding(DIFFERENCES[difference.kind], { subject: difference.name, detail: differenceWords(difference) })),
  ...(refused === null ? [] : [finding('registrar-refused', { subject: domain, detail: refused })]),
  ...findings.map(({ id, severity, detail, remedy }) => finding('registrar-finding', { subject: `${domain}, ${id}`, detail, severity, remedy })),
];

const endpointFindings = ({ endpoints }: DnsDescription): readonly Finding[] =>
  endpoints.flatMap(({ endpoint, standing, cause, since }) => (standing === 'silent' ? [finding('endpoint-silent', { subject: endpoint, detail: `It is ${cause === 'stopped' ? 'stopped' : 'not heard'} since ${since}.` })] : []));

/** What those who keep DNS right know of it. */
export const judgeRegistrar = ({ description, detail, plan }: RegistrarFacts): Judgement => {
  if (description === null) return { findings: [finding('registrar-away', { subject: 'registrar', detail })], checks: [] };
  const { serving, domains, endpoints } = description;
  const planned = plan?.domains ?? [];
  return {
    findings: [
      ...(serving ? [] : [finding('registrar-not-serving', { subject: 'registrar', detail: 'Nothing is listed for a host that is not activated, or is retired.' })]),
      ...domains.flatMap(describedFindings),
      ...conflictsIn(domains, planned),
      ...planned.flatMap(plannedFindings),
      ...endpointFindings(description),
    ],
    checks: [
      { area: 'registrar', subject: 'registrar', detail: `${counted(endpoints.length, 'endpoint')}, ${counted(domains.length, 'domain')}` },
      ...planned.map(({ domain, server }) => ({ area: 'registrar' as const, subject: `plan of ${domain}`, detail: server === null ? 'nobody answered' : `asked ${server}` })),
    ],
  };
};
