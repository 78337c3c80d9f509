import type { DnsFinding } from '@muster/contracts';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { PlainRecord } from './dns.records.js';

/** How many of our endpoints a name has room for. */
export type Room = (name: string) => number;

/** The records that fit: at a name without room for all, those of the endpoints that come first. */
export const withinRoom = (byEndpoint: ReadonlyMap<string, readonly PlainRecord[]>, roomAt: Room): ReadonlyMap<string, readonly PlainRecord[]> => {
  const taken = new Map<string, number>();
  const fitting = [...byEndpoint].map(([endpoint, records]) => {
    const full = new Set([...new Set(records.map(({ name }) => name))].filter((name) => (taken.get(name) ?? 0) >= roomAt(name)));
    const kept = records.filter(({ name }) => !full.has(name));
    for (const name of new Set(kept.map((record) => record.name))) taken.set(name, (taken.get(name) ?? 0) + 1);
    return [endpoint, kept] as const;
  });
  return new Map(fitting.filter(([, records]) => records.length > 0));
};

interface Crowd {
  readonly name: string;
  readonly ours: number;
  readonly others: number;
}

/** What is to be said of a name that is full, or soon will be. */
export const crowdFinding = ({ name, ours, others }: Crowd, { recordsWarn, recordsMax }: Pick<DnsDomainPolicy, 'recordsWarn' | 'recordsMax'>): DnsFinding | undefined => {
  const count = ours + others;
  if (count < recordsWarn) return undefined;
  const detail = `${ours} endpoints of ours and ${others} records of others are to stand at ${name}.`;
  const remedy = 'Give endpoints to sites or to domains of their own (muster host set-domains), or withdraw those that nobody needs.';
  if (count <= recordsMax) return { id: 'dns-name-nearly-full', severity: 'warning', detail: `${detail} It holds ${recordsMax}.`, remedy };
  return { id: 'dns-name-full', severity: 'error', detail: `${detail} It holds ${recordsMax}: the last ${Math.min(count - recordsMax, ours)} of ours are left out.`, remedy };
};
