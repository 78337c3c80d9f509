import type { DnsConflict, DnsDifference, DnsFailureReport, DnsFinding, DnsPlan, DnsRecordText } from '@muster/contracts';
import type { Paint } from '../../terminal/paint.js';
import { counted } from '../../terminal/words.js';

export type PlannedDomain = DnsPlan['domains'][number];
type Change = PlannedDomain['changes'][number];

/** A record on one line, as zone files order it. */
export const recordText = ({ name, ttlSeconds, type, data }: DnsRecordText): string => `${name} ${ttlSeconds} ${type} ${data}`;

const ownerWords = (owner: string | null): string => (owner === null ? 'nobody that this version knows' : `deployment ${owner}`);

/** What stands there, a record a line. */
export const indented = (text: string): readonly string[] => text.split('\n').map((line) => `    ${line}`);

/** Why something could not be done, and by whom if the reason does not say it. */
export const failureWords = ({ kind, detail, server }: DnsFailureReport): string => `${kind}${server === null || detail.includes(server) ? '' : ` of ${server}`}: ${detail}`;

/** Who is in the way, and the way around. */
export const conflictLines = (domain: string, conflicts: readonly DnsConflict[], paint: Paint): readonly string[] =>
  conflicts.flatMap(({ endpoint, owner, found }) => [
    `  ${paint('red', 'conflict')} over ${endpoint}: claimed by ${ownerWords(owner)}, and left alone`,
    ...indented(found),
    `    If it may go: muster dns take-over --domain ${domain} --endpoint ${endpoint} --confirm`,
  ]);

export const findingLines = (findings: readonly DnsFinding[], paint: Paint): readonly string[] =>
  findings.flatMap(({ id, severity, detail, remedy }) => [`  ${severity === 'info' ? severity : paint(severity === 'error' ? 'red' : 'yellow', severity)} ${id}: ${detail}`, `    ${remedy}`]);

/** Where DNS was asked, or why nobody answered. */
export const askedLines = ({ domain, zone, server, failure }: PlannedDomain, paint: Paint): readonly string[] => [
  `${paint('bold', domain)}${zone === domain ? '' : ` in zone ${zone}`}: ${server === null ? paint('red', 'nobody answered') : `as ${server} answers`}`,
  ...(failure === null ? [] : [`  ${paint('red', failureWords(failure))}`]),
];

const changeLines = ({ endpoint, action, add, remove, epoch }: Change, paint: Paint): readonly string[] => [
  `  ${action} ${endpoint}, epoch ${epoch}`,
  ...remove.map((record) => paint('red', `    - ${recordText(record)}`)),
  ...add.map((record) => paint('green', `    + ${recordText(record)}`)),
];

const differenceLines = ({ kind, name, wanted, found }: DnsDifference, paint: Paint): readonly string[] => [
  ...(found === null || kind === 'scheme' ? [] : [kind === 'foreign' ? `    = ${name} ${found}  (not ours)` : paint('red', `    - ${name} ${found}`)]),
  ...(wanted === null ? [] : [paint('green', `    + ${name} ${wanted}`)]),
];

/** What would be made of a domain, as a diff: without changes to make it is the difference that somebody has to enter. */
const domainLines = (planned: PlannedDomain, paint: Paint): readonly string[] => {
  const { domain, server, changes, differences, conflicts, findings, refused } = planned;
  const contested = new Set(conflicts.map(({ endpoint }) => endpoint));
  // A difference that no change will end is somebody's to enter, unless a word on it is what is missing.
  const byHand = changes.length > 0 || refused !== null ? [] : differences.filter(({ kind, endpoint }) => kind !== 'foreign' && !contested.has(endpoint ?? ''));
  const quiet = server !== null && changes.length + byHand.length + conflicts.length === 0;
  return [
    ...askedLines(planned, paint),
    ...(quiet ? ['  nothing to change'] : []),
    ...changes.flatMap((change) => changeLines(change, paint)),
    ...(byHand.length === 0 ? [] : ['  to be entered by hand (`muster dns records` prints it in several formats):']),
    ...byHand.flatMap((difference) => differenceLines(difference, paint)),
    ...differences.filter(({ kind }) => kind === 'foreign').flatMap((difference) => differenceLines(difference, paint)),
    ...conflictLines(domain, conflicts, paint),
    ...(refused === null ? [] : [`  ${paint('red', 'refused')}: ${refused}`, '    If it is meant: muster dns apply --delete-share SHARE, from 0 to 1']),
    ...findingLines(findings, paint),
  ];
};

/** The plan as people read it: `-` goes, `+` comes, `=` is somebody else's. */
export const planLines = ({ domains }: DnsPlan, paint: Paint): readonly string[] =>
  domains.length === 0
    ? ['No domain is configured: MUSTER_DNS_DOMAINS names them.']
    : [...domains.flatMap((planned) => domainLines(planned, paint)), `${counted(domains.reduce((sum, { changes }) => sum + changes.length, 0), 'change')} in ${counted(domains.length, 'domain')}.`];
