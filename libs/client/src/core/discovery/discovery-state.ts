import { DAY_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { endpointSchemes } from '@muster/contracts';
import { z } from 'zod';
import type { DeepReadonly } from '../machine-state.js';
import type { HostAddress } from '../outcome.js';
import type { FoundHost } from './found-host.js';

/** Each costs seconds when it is away: after so many the machine waits for its next attempt. */
export const HOSTS_MAX = 20;
/** For so long a host that served is asked without a look at DNS. */
export const GOOD_SECONDS = 7 * DAY_SECONDS;
/** Long enough that a wrong answer is not asked again at each retry, short enough that one put right is back within the same coffee. */
export const QUARANTINE_SECONDS = 10 * MINUTE_SECONDS;
/** Whoever can write in DNS can name any number of hosts. */
const QUARANTINED_MAX = 100;

const foundHostSchema = z.strictObject({ host: z.string(), target: z.string(), port: z.int(), scheme: z.enum(endpointSchemes), addresses: z.array(z.string()).max(100) });
const quarantinedSchema = z.strictObject({ host: z.string(), untilMs: z.int().nonnegative(), why: z.string().max(1000) });

/** What a machine remembers of how it found its hosts. Nothing in it is believed more than DNS itself: each host proves itself at each contact. */
export const discoveryStateSchema = z.strictObject({
  version: z.literal(1),
  /** The hosts that DNS named last at these names, in their order then. */
  found: z.strictObject({ atMs: z.int().nonnegative(), names: z.array(z.string()), hosts: z.array(foundHostSchema).max(HOSTS_MAX) }).nullable(),
  /** The one that served last. */
  good: z.string().nullable(),
  quarantined: z.array(quarantinedSchema).max(QUARANTINED_MAX),
});

export type DiscoveryState = DeepReadonly<z.infer<typeof discoveryStateSchema>>;
export type Quarantined = DiscoveryState['quarantined'][number];

export const noDiscovery: DiscoveryState = { version: 1, found: null, good: null, quarantined: [] };

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

const standing = ({ quarantined }: DiscoveryState, nowMs: number): readonly Quarantined[] =>
  // A time further away than it was ever set comes from a clock since put back.
  quarantined.filter(({ untilMs }) => untilMs > nowMs && untilMs - nowMs <= QUARANTINE_SECONDS * SECOND_MS);

/** Undefined when the host may be asked. */
export const quarantineOf = (state: DiscoveryState, host: HostAddress, nowMs: number): Quarantined | undefined => standing(state, nowMs).find((one) => one.host === host);

export const quarantine = (state: DiscoveryState, { host, why }: Pick<Quarantined, 'host' | 'why'>, nowMs: number): DiscoveryState => ({
  ...state,
  good: state.good === host ? null : state.good,
  quarantined: [{ host, untilMs: nowMs + QUARANTINE_SECONDS * SECOND_MS, why: why.slice(0, 1000) }, ...standing(state, nowMs).filter((one) => one.host !== host)].slice(0, QUARANTINED_MAX),
});

export const keepFound = (state: DiscoveryState, { names, hosts, nowMs }: { readonly names: readonly string[]; readonly hosts: readonly FoundHost[]; readonly nowMs: number }): DiscoveryState => ({
  ...state,
  found: { atMs: nowMs, names, hosts: hosts.map((host) => ({ ...host, addresses: [...host.addresses] })) },
});

/** The same state comes back when nothing is new: nothing to write. */
export const keepGood = (state: DiscoveryState, host: HostAddress): DiscoveryState => (state.good === host ? state : { ...state, good: host });
