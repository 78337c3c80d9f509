import type { DnsFinding } from '@muster/contracts';
import type { DnsDomainPolicy, DnsState, LiveDomain, PlainRecord } from '@muster/domain';
import { claimsToAsk, namesToAsk } from '@muster/domain';
import type { FoundAt, OpenZone } from './open-zone.js';

/** Each is a connection of its own over TCP; servers take about 100 (BIND's `tcp-clients` is 150). */
const QUESTIONS_AT_ONCE_MAX = 8;

export interface LiveReading {
  readonly live: LiveDomain;
  readonly findings: readonly DnsFinding[];
}

const eachOf = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += QUESTIONS_AT_ONCE_MAX) {
    results.push(...(await Promise.all(items.slice(first, first + QUESTIONS_AT_ONCE_MAX).map(work))));
  }
  return results;
};

const aliasFinding = (name: string): DnsFinding => ({
  id: 'dns-name-is-alias',
  severity: 'error',
  detail: `${name} is an alias (CNAME), so no other record can stand there.`,
  remedy: 'Remove the CNAME record: servers of DNS drop what is added beside it without an error.',
});

const stringsOf = ({ records }: FoundAt): readonly (readonly string[])[] => records.flatMap(({ data }) => (data.type === 'TXT' ? [data.strings] : []));

/** What stands in DNS at the names of a domain, and whose it is. @throws DnsFailure as the questions do */
export const readLive = async (ask: OpenZone['ask'], { state, policy }: { readonly state: DnsState; readonly policy: DnsDomainPolicy }): Promise<LiveReading> => {
  const names = namesToAsk({ state, policy });
  const found = await eachOf(names, async (name) => {
    const [services, texts] = await Promise.all([ask(name, 'SRV'), ask(name, 'TXT')]);
    return { name, alias: services.alias || texts.alias, records: [...services.records, ...texts.records] };
  });
  const records: readonly PlainRecord[] = found.flatMap((at) => at.records);
  const claims = await eachOf(claimsToAsk({ state, policy, records }), async (name) => [name, stringsOf(await ask(name, 'TXT'))] as const);
  return { live: { records, claims: new Map(claims) }, findings: found.filter(({ alias }) => alias).map(({ name }) => aliasFinding(name)) };
};
