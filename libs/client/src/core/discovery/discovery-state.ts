import { DAY_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { endpointSchemes } from '@muster/contracts';
import { z } from 'zod';
import type { DeepReadonly } from '../machine-state.js';
import type { HostAddress } from '../outcome.js';
import { type FoundHost, isSamePlace, type Place } from './found-host.js';

/** As many as BIND holds at a name: beyond them nobody is asked. */
export const HOSTS_MAX = 100;
/** Of one host; whoever can write in DNS can give a name any number of them. */
export const ADDRESSES_MAX = 16;
/** For so long a host that served is asked without a look at DNS. */
export const GOOD_SECONDS = 7 * DAY_SECONDS;
/** Long enough that a wrong answer is not asked again at each retry, short enough that one put right is back within the same coffee. */
export const QUARANTINE_SECONDS = 10 * MINUTE_SECONDS;
/** Whoever can write in DNS can name any number of hosts. */
const QUARANTINED_MAX = 100;

const foundHostSchema = z.strictObject({ host: z.string(), target: z.string(), port: z.int(), scheme: z.enum(endpointSchemes), addresses: z.array(z.string()).max(ADDRESSES_MAX) });
const quarantinedSchema = z.strictObject({ host: z.string(), addresses: z.array(z.string()).max(ADDRESSES_MAX), untilMs: z.int().nonnegative(), why: z.string().max(1000) });

/** What a machine remembers of how it found its hosts. Nothing in it is believed more than DNS itself: each host proves itself at each contact. */
export const discoveryStateSchema = z.strictObject({
  version: z.literal(1),
  /** The hosts that DNS named last at these names, in their order then. */
  found: z.strictObject({ atMs: z.int().nonnegative(), names: z.array(z.string()), hosts: z.array(foundHostSchema).max(HOSTS_MAX) }).nullable(),
  /** The one that served last. */
  good: z.string().nullable(),
  /** Where that one stood, once DNS names others in its place. */
  last: z.strictObject({ names: z.array(z.string()), host: foundHostSchema }).nullable(),
  quarantined: z.array(quarantinedSchema).max(QUARANTINED_MAX),
});

export type DiscoveryState = DeepReadonly<z.infer<typeof discoveryStateSchema>>;
export type Quarantined = DiscoveryState['quarantined'][number];

export const noDiscovery: DiscoveryState = { version: 1, found: null, good: null, last: null, quarantined: [] };

/** What was found where the machine looks now: another domain's hosts are nobody it was told of. */
export const foundAt = ({ found }: DiscoveryState, names: readonly string[]): DiscoveryState['found'] => (found !== null && found.names.join() === names.join() ? found : null);

/** Since DNS named the hosts; null when it never did, or when the clock was set back since. */
export const foundAgeSeconds = ({ found }: DiscoveryState, nowMs: number): number | null => (found === null || found.atMs > nowMs ? null : Math.floor((nowMs - found.atMs) / SECOND_MS));

export interface CachedHost {
  readonly host: FoundHost;
  readonly ageSeconds: number;
}

/** The host to ask without a look at DNS: the one that served last, unless the machine keeps to another one, which DNS may still name. */
export const cachedHost = (state: DiscoveryState, { remembered, names, nowMs }: { readonly remembered: HostAddress | null; readonly names: readonly string[]; readonly nowMs: number }): CachedHost | undefined => {
  const ageSeconds = foundAgeSeconds(state, nowMs);
  const host = foundAt(state, names)?.hosts.find((one) => one.host === state.good);
  if (host === undefined || ageSeconds === null || ageSeconds > GOOD_SECONDS || (remembered !== null && remembered !== host.host)) return undefined;
  return { host, ageSeconds };
};

/** The host that served last, where it stood when DNS named it last: to be asked when nobody whom DNS names now serves. Whoever can forge answers is not to make a machine forget its host. */
export const lastGood = (state: DiscoveryState, names: readonly string[]): FoundHost | undefined =>
  foundAt(state, names)?.hosts.find(({ host }) => host === state.good) ?? (state.last?.names.join() === names.join() ? state.last.host : undefined);

const standing = ({ quarantined }: DiscoveryState, nowMs: number): readonly Quarantined[] =>
  // A time further away than it was ever set comes from a clock since put back.
  quarantined.filter(({ untilMs }) => untilMs > nowMs && untilMs - nowMs <= QUARANTINE_SECONDS * SECOND_MS);

/** Undefined when the host may be asked. */
export const quarantineOf = (state: DiscoveryState, place: Place, nowMs: number): Quarantined | undefined => standing(state, nowMs).find((one) => isSamePlace(one, place));

/** Leaves a place alone: of a host that stands elsewhere soon, or stood there before, it says nothing. */
export const quarantine = (state: DiscoveryState, { host, addresses, why }: Place & Pick<Quarantined, 'why'>, nowMs: number): DiscoveryState => {
  const one: Quarantined = { host, addresses: [...addresses], untilMs: nowMs + QUARANTINE_SECONDS * SECOND_MS, why: why.slice(0, 1000) };
  const wasGood = state.good === host && state.found?.hosts.some((found) => isSamePlace(found, one)) === true;
  return { ...state, good: wasGood ? null : state.good, quarantined: [one, ...standing(state, nowMs).filter((other) => !isSamePlace(other, one))].slice(0, QUARANTINED_MAX) };
};

const copied = (host: FoundHost) => ({ ...host, addresses: [...host.addresses] });

export const keepFound = (state: DiscoveryState, { names, hosts, nowMs }: { readonly names: readonly string[]; readonly hosts: readonly FoundHost[]; readonly nowMs: number }): DiscoveryState => {
  const before = lastGood(state, names);
  const last = before === undefined || hosts.some(({ host }) => host === before.host) ? null : { names, host: copied(before) };
  return { ...state, found: { atMs: nowMs, names, hosts: hosts.map(copied) }, last };
};

/** The same state comes back when nothing is new: nothing to write. */
export const keepGood = (state: DiscoveryState, host: HostAddress): DiscoveryState => (state.good === host ? state : { ...state, good: host, last: state.last?.host.host === host ? state.last : null });
