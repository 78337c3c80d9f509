import type { Clock } from '@muster/kernel';
import { givenTrust, trustOf } from '../access/find-host.js';
import type { AccessOptions, LocalHost } from '../access/host-access.js';
import { inParallel } from '../fleet/in-parallel.js';
import type { ExaminedDns } from './examine-dns.js';
import type { HostFacts } from './facts.js';
import { examineHost } from './gather/examine-host.js';
import type { HostTrusted } from '../machine/trusted-here.js';
import type { HostPlace } from './gather/request-host.js';
import { OUT_OF_TIME, type TimeBudget } from './gather/time-budget.js';
import { unlessOutOfTime } from './gather/unless-out-of-time.js';
import { judgeHosts } from './judge/judge-hosts.js';
import type { DoctorReport, Skipped } from './report.js';

/** So many silent ones end within the time. */
const HOSTS_MAX = 64;
const CONCURRENCY = 16;

interface Examining {
  /** Addresses that somebody set, the host that runs here among them. */
  readonly given: readonly string[];
  readonly dns: Pick<ExaminedDns, 'published' | 'skipped'>;
  readonly local: LocalHost | undefined;
  readonly options: Pick<AccessOptions, 'ca'>;
  readonly trusted: HostTrusted;
  readonly budget: TimeBudget;
  readonly clock: Clock;
}

const placesOf = ({ given, dns }: Pick<Examining, 'given' | 'dns'>): readonly HostPlace[] => {
  const named = dns.published.map(({ scheme, target, port, addresses }) => ({ address: `${scheme}://${target}:${port}`, addresses }));
  const set = given.filter((address) => !named.some((place) => place.address === address)).map((address) => ({ address, addresses: [] }));
  return [...new Map([...set, ...named].map((place) => [place.address, place])).values()];
};

/** Looks at every host that DNS or somebody names. */
export const examineHosts = async ({ local, options, trusted, budget, clock, ...named }: Examining): Promise<DoctorReport> => {
  const places = placesOf(named);
  const skipped: Skipped[] = places.length <= HOSTS_MAX ? [] : [{ area: 'hosts', subject: 'hosts', reason: `only the first ${HOSTS_MAX} of ${places.length} are looked at` }];
  const looked = new Map<string, HostFacts>();
  const run = (place: HostPlace): Promise<void> => {
    const trust = givenTrust(options) ?? (local !== undefined && local.run.url === place.address ? trustOf(local.run) : undefined);
    const work = async (): Promise<void> => void looked.set(place.address, await examineHost(place, { ...trusted, budget, clock, trust }));
    return unlessOutOfTime({ area: 'hosts', subject: place.address }, { skipped, work });
  };
  await inParallel(places.slice(0, HOSTS_MAX), { concurrency: CONCURRENCY, run });
  const facts = places.flatMap(({ address }) => looked.get(address) ?? []);
  for (const { address, connection, proof } of facts) {
    if (connection.outcome === 'answers' && proof.kind === 'skipped') skipped.push({ area: 'hosts', subject: `${address}, proof`, reason: proof.detail });
  }
  // For want of time some were not looked for, or not looked at: that is not to say that there are none.
  const unknown = facts.length === 0 && [...skipped, ...named.dns.skipped].some(({ reason }) => reason === OUT_OF_TIME);
  if (unknown) return { findings: [], checks: [], skipped };
  return { ...judgeHosts(facts, { nowMs: clock.nowMs() }), skipped };
};
