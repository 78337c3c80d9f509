import { MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { cachedHost, foundAgeSeconds, foundAt, keepFound, keepGood, QUARANTINE_SECONDS, quarantine, quarantineOf } from '../core/discovery/discovery-state.js';
import { type FoundHost, objectionTo } from '../core/discovery/found-host.js';
import type { HostAddress } from '../core/outcome.js';
import type { HostSearch, SearchOptions } from '../shell/ports.js';
import type { Trace } from './discovery-steps.js';
import type { LookedUp, LookUpOptions } from './look-up-hosts.js';
import { proveHost } from './prove-host.js';

export interface DnsSearchOptions extends SearchOptions {
  readonly lookUp: (options: Pick<LookUpOptions, 'remembered' | 'draws'>) => Promise<LookedUp>;
  /** Where it looks. */
  readonly names: () => readonly string[];
  readonly allowHttp: boolean;
  readonly trace: Trace;
  /** The transport connects to the addresses of this host from now on. */
  readonly goTo: (host: FoundHost) => void;
}

const sameAddresses = (one: FoundHost, other: FoundHost): boolean => [...one.addresses].sort().join() === [...other.addresses].sort().join();

/**
 * One contact's search by DNS: the host that served last, without a look at DNS; when it gives no outcome, whoever DNS names now; when DNS is silent, whoever
 * it named last.
 */
export const dnsSearch = (options: DnsSearchOptions): HostSearch => {
  const { remembered, root, revocations, memory, transport, clock, draws, lookUp, names, allowHttp, trace, goTo } = options;
  /** What was found of each host in this contact: why it is not to be asked, or undefined. */
  const judged = new Map<HostAddress, string | undefined>();
  let stage: 'first' | 'cached' | 'done' = 'first';
  let tried: FoundHost | undefined;
  let why = 'no host was looked for';

  const allowed = (host: FoundHost): boolean => objectionTo(host, { allowHttp }) === undefined;

  const fromCache = (): readonly HostAddress[] => {
    const state = memory.discovery();
    const nowMs = clock.nowMs();
    const cached = cachedHost(state, { remembered, names: names(), nowMs });
    if (cached === undefined || !allowed(cached.host) || quarantineOf(state, cached.host.host, nowMs) !== undefined) return [];
    tried = cached.host;
    goTo(cached.host);
    trace({ type: 'cached', host: cached.host.host, ageSeconds: cached.ageSeconds });
    return [cached.host.host];
  };

  const fromSilence = (detail: string): readonly FoundHost[] => {
    const state = memory.discovery();
    const kept = (foundAt(state, names())?.hosts ?? []).filter(allowed);
    const hosts = [...kept.filter(({ host }) => host === remembered), ...kept.filter(({ host }) => host !== remembered)];
    why = hosts.length === 0 ? detail : `${detail}; of the hosts that it named last none served`;
    trace({ type: 'silent', ageSeconds: hosts.length === 0 ? null : foundAgeSeconds(state, clock.nowMs()), hosts: hosts.map(({ host }) => host) });
    return hosts;
  };

  const fromDns = async (): Promise<readonly FoundHost[]> => {
    const found = await lookUp({ remembered, draws });
    if (found.type === 'silent') return fromSilence(found.detail);
    const hosts = found.type === 'listed' ? found.hosts : [];
    if (found.type === 'listed' || found.switchedOff) memory.keepDiscovery(keepFound(memory.discovery(), { names: names(), hosts, nowMs: clock.nowMs() }));
    if (found.type === 'nobody') why = found.detail;
    return hosts;
  };

  const judge = async (host: HostAddress): Promise<string | undefined> => {
    const nowMs = clock.nowMs();
    const kept = quarantineOf(memory.discovery(), host, nowMs);
    if (kept !== undefined) {
      trace({ type: 'not-proved', host, why: kept.why, quarantinedUntilMs: kept.untilMs });
      return `it is left alone for ${QUARANTINE_SECONDS / MINUTE_SECONDS} minutes: ${kept.why}`;
    }
    const proof = await proveHost(host, { transport, root, revocations: await revocations(), nowMs });
    if (proof.type === 'proved') {
      trace({ type: 'proved', host, certified: proof.certified, organisation: proof.organisation });
      return undefined;
    }
    const rogue = proof.type === 'rogue';
    if (rogue) memory.keepDiscovery(quarantine(memory.discovery(), { host, why: proof.why }, nowMs));
    trace({ type: 'not-proved', host, why: proof.why, quarantinedUntilMs: rogue ? nowMs + QUARANTINE_SECONDS * SECOND_MS : null });
    return rogue ? `it did not prove that it is a host: ${proof.why}` : proof.why;
  };

  return {
    ordered: true,
    next: async () => {
      if (stage === 'first') {
        stage = 'cached';
        const cached = fromCache();
        if (cached.length > 0) return cached;
      }
      if (stage === 'done') return [];
      stage = 'done';
      const hosts = await fromDns();
      for (const host of hosts) {
        goTo(host);
        if (tried?.host === host.host && !sameAddresses(tried, host)) judged.delete(host.host);
      }
      // Who failed a moment ago is asked again only where it stands elsewhere now.
      return hosts.filter((one) => tried?.host !== one.host || !sameAddresses(tried, one)).map(({ host }) => host);
    },
    objectionTo: async (host) => {
      if (!judged.has(host)) judged.set(host, await judge(host));
      return judged.get(host);
    },
    served: (host) => {
      const state = memory.discovery();
      const next = keepGood(state, host);
      if (next !== state) memory.keepDiscovery(next);
    },
    nobody: () => why,
  };
};
