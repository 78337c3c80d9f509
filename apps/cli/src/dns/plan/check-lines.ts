import type { DnsDifference, DnsPlan } from '@muster/contracts';
import type { Paint } from '../../terminal/paint.js';
import { counted } from '../../terminal/words.js';
import { askedLines, conflictLines, findingLines, type PlannedDomain } from './plan-lines.js';

/** What each kind of difference means to whoever has to end it. */
const WORDS: Readonly<Record<DnsDifference['kind'], string>> = {
  missing: 'is missing',
  different: 'is different',
  stale: 'is ours and not wanted any more',
  foreign: 'is not ours',
  ttl: 'has another TTL',
  scheme: 'has no text beside it that says its scheme',
};

const differenceLines = ({ kind, name, endpoint, wanted, found }: DnsDifference): readonly string[] => [
  `  ${kind.padEnd(9)}  ${name}${endpoint === null ? '' : ` for ${endpoint}`} ${WORDS[kind]}`,
  ...(wanted === null ? [] : [`    wanted  ${wanted}`]),
  ...(found === null ? [] : [`    found   ${found}`]),
];

const domainLines = (checked: PlannedDomain, paint: Paint): readonly string[] => {
  const { domain, server, differences, conflicts, findings } = checked;
  return [
    ...askedLines(checked, paint),
    ...differences.flatMap(differenceLines),
    ...(server !== null && differences.length === 0 ? [`  ${paint('green', 'as it should be')}`] : []),
    ...conflictLines(domain, conflicts, paint),
    ...findingLines(findings, paint),
  ];
};

/** Each difference by its name. */
export const checkLines = ({ domains }: DnsPlan, paint: Paint): readonly string[] =>
  domains.length === 0
    ? ['No domain is configured: MUSTER_DNS_DOMAINS names them.']
    : [...domains.flatMap((checked) => domainLines(checked, paint)), `${counted(domains.reduce((sum, { differences }) => sum + differences.length, 0), 'difference')} in ${counted(domains.length, 'domain')}.`];
