import { claimNameOf, endpointIdOf } from '@muster/contracts';
import type { WantedDomain } from './dns.plan.js';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { LiveDomain, PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { standKey } from './dns.state.js';
import { addressOf, labelOf, plainName } from './names.js';
import { dataText } from './record-text.js';
import type { Holder } from './ownership.rule.js';
import { holderOf, mayChange } from './ownership.rule.js';

/** An endpoint in a domain under one claim: what is to stand there, what does, and whose it is. */
export interface Stand {
  readonly endpoint: string;
  readonly claimName: string;
  readonly wanted: readonly PlainRecord[];
  readonly found: readonly PlainRecord[];
  readonly holder: Holder;
  readonly takeOver: { readonly owner: string | null } | undefined;
  readonly mayChange: boolean;
}

interface Mixed {
  readonly endpoint: string;
  readonly wanted: PlainRecord[];
  readonly found: PlainRecord[];
}

/** Equal for records that DNS takes for one: the same name and data. */
export const recordKey = ({ name, data }: PlainRecord): string => `${plainName(name)} ${data.type} ${data.type === 'SRV' ? dataText({ data }).toLowerCase() : dataText({ data })}`;

const standing = (wanted: readonly PlainRecord[], found: readonly PlainRecord[]): 'none' | 'as-wanted' | 'otherwise' => {
  if (found.length === 0) return 'none';
  const [there, here] = [new Set(wanted.map(recordKey)), new Set(found.map(recordKey))];
  return there.size === here.size && [...here].every((key) => there.has(key)) ? 'as-wanted' : 'otherwise';
};

/** A stand by what is to stand there: what stands there unclaimed is ours only if it is just that, and nobody takes over what he has no use for. */
export const judged = (stand: Omit<Stand, 'mayChange'>): Stand => {
  const { holder, wanted, found } = stand;
  const takeOver = wanted.length > 0 ? stand.takeOver : undefined;
  return { ...stand, mayChange: mayChange({ holder, found: standing(wanted, found), takeOver }) };
};

const FOUND_CHARS_MAX = 1024;

/** What stands there, for people: without what changes from day to day, so that the same is recorded once. */
export const foundText = ({ found, holder }: Pick<Stand, 'found' | 'holder'>): string => {
  const records = found.map((record) => `${record.name} ${record.data.type} ${dataText(record)}`).sort();
  const several = holder.kind === 'other' && holder.strings === null ? ['several claims at one name, for people to clear up'] : [];
  return [...several, ...(records.length === 0 ? ['a claim without records'] : records)].join('\n').slice(0, FOUND_CHARS_MAX);
};

/** The administrator's word on what stands there. Where nobody claims it, it is about just what was seen: what came later is somebody else's. */
const wordOn = ({ found, holder }: Pick<Stand, 'found' | 'holder'>, key: string, { takeOvers, conflicts }: DnsState): Stand['takeOver'] => {
  const word = takeOvers.get(key);
  return word === undefined || word.owner !== null || conflicts.get(key)?.found === foundText({ found, holder }) ? word : undefined;
};

interface StandsContext {
  readonly state: DnsState;
  readonly wanted: Pick<WantedDomain, 'byEndpoint'>;
  readonly live: LiveDomain;
  readonly policy: DnsDomainPolicy;
  readonly deployment: string;
}

/** All endpoints that are to stand in a domain, do, or once did, and whose claim was asked for; those that come first when a name is full first. */
export const standsIn = ({ state, wanted, live, policy: { domain, label }, deployment }: StandsContext): readonly Stand[] => {
  const byClaim = new Map<string, Mixed>();
  const mixedAt = (claimName: string, endpoint: string): Mixed => {
    const mixed = byClaim.get(claimName) ?? { endpoint, wanted: [], found: [] };
    byClaim.set(claimName, mixed);
    return mixed;
  };
  for (const [endpoint, records] of wanted.byEndpoint) {
    const [address] = records.flatMap((record) => addressOf(record) ?? []);
    if (address !== undefined) mixedAt(claimNameOf(label, address, domain), endpoint).wanted.push(...records);
  }
  for (const record of live.records) {
    const address = addressOf(record);
    const itsLabel = labelOf(plainName(record.name), domain);
    if (address !== undefined && itsLabel !== undefined) mixedAt(claimNameOf(itsLabel, address, domain), endpointIdOf(address)).found.push(record);
  }
  for (const [claimName, left] of state.claims) if (left.domain === domain) mixedAt(claimName, left.endpoint);
  return [...byClaim].flatMap(([claimName, mixed]) => {
    const claims = live.claims.get(claimName);
    if (claims === undefined) return [];
    const stand = { ...mixed, claimName, holder: holderOf(claims, deployment) };
    return [judged({ ...stand, takeOver: wordOn(stand, standKey({ domain, endpoint: mixed.endpoint }), state) })];
  });
};
