import type { DnsScavenged } from '@muster/contracts';
import type { Paint } from '../../terminal/paint.js';
import { failureWords, recordText } from '../plan/plan-lines.js';

type Orphan = DnsScavenged['orphans'][number];

const outcomeWords = ({ outcome, dueAt, detail }: Orphan, paint: Paint): string => {
  switch (outcome) {
    case 'waits':
      return `waits until ${dueAt}`;
    case 'would-go':
      return paint('yellow', 'would go');
    case 'gone':
      return paint('green', 'gone');
    case 'failed':
      return `${paint('red', 'FAILED')}${detail === null ? '' : `: ${detail}`}`;
    default:
      return outcome satisfies never;
  }
};

const orphanLines = (orphan: Orphan, paint: Paint): readonly string[] => [
  `${orphan.endpoint} in ${orphan.domain}, last renewed ${orphan.renewedAt}: ${outcomeWords(orphan, paint)}`,
  ...orphan.records.map((record) => `  - ${recordText(record)}`),
];

/** What this deployment left behind, and what became of it. */
export const scavengeLines = ({ orphans, failures }: DnsScavenged, paint: Paint): readonly string[] => [
  ...(orphans.length === 0 && failures.length === 0 ? ['Nothing was left behind.'] : orphans.flatMap((orphan) => orphanLines(orphan, paint))),
  ...failures.map(({ domain, failure }) => `${paint('red', 'not looked through')}: ${domain}, ${failureWords(failure)}`),
];
