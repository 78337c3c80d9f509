import type { DiscoveryStep } from '@muster/client';
import { toInstant } from '@muster/kernel';
import { counted, durationWords } from '../terminal/words.js';

const OUTCOMES = { none: 'no host', 'switched-off': 'switched off (its target is the root): the search ends here', failed: 'failed' } as const;

const askedLines = ({ name, outcome, detail, records }: Extract<DiscoveryStep, { readonly type: 'asked' }>): readonly string[] => [
  `${name}  ${outcome === 'listed' ? counted(records.length, 'record') : OUTCOMES[outcome]}${detail === null ? '' : `: ${detail}`}`,
  ...(outcome === 'listed' ? records.map(({ priority, weight, target, port }) => `  priority ${priority}, weight ${weight}: ${target}, port ${port}`) : []),
];

/** A step as people read it. */
export const stepLines = (step: DiscoveryStep): readonly string[] => {
  switch (step.type) {
    case 'domains': {
      const where = step.domains.length === 0 ? 'No domain is known: the machine’s name has none, and its resolver searches none.' : `Looking in ${step.domains.join(', ')}${step.from === 'machine' ? " (the machine's own)" : ''}`;
      return [`${where}${step.site === null || step.domains.length === 0 ? '' : `, site ${step.site} first`}`];
    }
    case 'cached':
      return [`${step.host} served last, and was found ${durationWords(step.ageSeconds)} ago: it would be asked first, without a look at DNS`];
    case 'asked':
      return askedLines(step);
    case 'addresses':
      return [`${step.target}  ${step.detail ?? (step.addresses.length === 0 ? 'has no address' : step.addresses.join(', '))}`];
    case 'left-out':
      return [`left out  ${step.host}: ${step.why}`];
    case 'silent':
      return [step.ageSeconds === null ? 'No DNS server answered, and no host was found here before.' : `No DNS server answered: the hosts found ${durationWords(step.ageSeconds)} ago would be asked: ${step.hosts.join(', ')}`];
    case 'order':
      return ['To be asked in this order:', ...step.hosts.map(({ host, addresses }, index) => `  ${index + 1}  ${host}  (${addresses.join(', ')})`)];
    case 'proved':
      return [`proved  ${step.host}: host ${step.certified} of ${step.organisation}`];
    case 'not-proved':
      return [`not proved  ${step.host}: ${step.why}${step.quarantinedUntilMs === null ? '' : `; left alone until ${toInstant(step.quarantinedUntilMs)}`}`];
    default:
      return step satisfies never;
  }
};
