import type { DnsApplied } from '@muster/contracts';
import type { Paint } from '../../terminal/paint.js';
import { conflictLines, failureWords } from './plan-lines.js';

type AppliedDomain = DnsApplied['domains'][number];
type Made = AppliedDomain['changes'][number];

const outcomeWords = ({ outcome }: Made, paint: Paint): string => {
  switch (outcome) {
    case 'done':
      return paint('green', 'done');
    case 'failed':
      return paint('red', 'FAILED');
    case 'not-needed':
      return 'not needed any more';
    default:
      return outcome satisfies never;
  }
};

const madeLine = (made: Made, paint: Paint): string => {
  const { endpoint, action, server, rcode, serial, detail } = made;
  const how = [server === null ? '' : `by ${server}`, rcode ?? '', serial === null ? '' : `serial ${serial}`, detail ?? ''].filter((part) => part !== '');
  return `  ${action} ${endpoint}: ${outcomeWords(made, paint)}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
};

const domainLines = ({ domain, changes, conflicts, refused, failure }: AppliedDomain, paint: Paint): readonly string[] => [
  `${paint('bold', domain)}${changes.length + conflicts.length === 0 && refused === null && failure === null ? ': nothing to change' : ''}`,
  ...changes.map((made) => madeLine(made, paint)),
  ...conflictLines(domain, conflicts, paint),
  ...(refused === null ? [] : [`  ${paint('red', 'refused')}: ${refused}`, '    If it is meant: --delete-share SHARE, from 0 to 1']),
  ...(failure === null ? [] : [`  ${paint('red', failureWords(failure))}`]),
];

/** What became of each change. */
export const appliedLines = ({ domains }: DnsApplied, paint: Paint): readonly string[] =>
  domains.length === 0 ? ['No domain is configured: MUSTER_DNS_DOMAINS names them.'] : domains.flatMap((applied) => domainLines(applied, paint));
