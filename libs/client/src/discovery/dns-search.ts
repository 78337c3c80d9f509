import { MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { cachedHost, foundAgeSeconds, foundAt, keepFound, keepGood, lastGood, QUARANTINE_SECONDS, quarantine, quarantineOf } from '../core/discovery/discovery-state.js';
import { type FoundHost, isSamePlace, objectionTo } from '../core/discovery/found-host.js';
import type { HostAddress } from '../core/outcome.js';
import type { HostSearch, SearchOptions } from '../shell/ports.js';
import type { Trace } from './discovery-steps.js';
import type { LookedUp, LookUpOptions } from './look-up-hosts.js';
import { proveHost } from './prove-host.js';

/** Proofs under way at once, when hosts fail: a hundred addresses at which nobody answers are gone through in the time of five. */
export const AHEAD = 20;
/** Of one contact, all hosts together: those who answer slowly do not keep the machine, and whoever waits for its lock, for longer. */
export const CONTACT_MS_MAX = 60_000;

export interface DnsSearchOptions extends SearchOptions {
  readonly lookUp: (options: Pick<LookUpOptions, 'remembered' | 'draws' | 'leftAlone'>) => Promise<LookedUp>;
  /** Where it looks. */
  readonly names: () => readonly string[];
  readonly allowHttp: boolean;
  readonly trace: Trace;
  /** The transport connects to the addresses of this host from now on. */
  readonly goTo: (host: FoundHost) => void;
  readonly monotonicMs?: () => number;
}

/**
 * One contact's search by DNS: the host that served last, without a look at DNS; when it gives no outcome, whoever DNS names now; when DNS is silent, whoever
 * it named last. At last the host that served last, though DNS names others by now: it proves itself like all.
 */
export const dnsSearch = (options: DnsSearchOptions): HostSearch => {
  const { remembered, root, revocations, memory, transport, clock, draws, lookUp, names, allowHttp, trace, goTo, monotonicMs = () => performance.now() } = options;
  /** What was found of each host in this contact: why it is not to be asked, or undefined. */
  const judged = new Map<HostAddress, Promise<string | undefined>>();
  const endMs = monotonicMs() + CONTACT_MS_MAX;
  let proving = 0;
  /** Where each was placed in this contact, the last place of each. */
  const placed = new Map<HostAddress, FoundHost>();
  let stage: 'cached' | 'dns' | 'last' | 'done' = 'cached';
  let switchedOff = false;
  let why = 'no host was looked for';

  const allowed = (host: FoundHost): boolean => objectionTo(host, { allowHttp }) === undefined;

  const fromCache = (): readonly FoundHost[] => {
    const state = memory.discovery();
    const nowMs = clock.nowMs();
    const cached = cachedHost(state, { remembered, names: names(), nowMs });
    if (cached === undefined || !allowed(cached.host) || quarantineOf(state, cached.host, nowMs) !== undefined) return [];
    trace({ type: 'cached', host: cached.host.host, ageSeconds: cached.ageSeconds });
    return [cached.host];
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
    const found = await lookUp({ remembered, draws, leftAlone: (host) => quarantineOf(memory.discovery(), host, clock.nowMs()) !== undefined });
    if (found.type === 'silent') return fromSilence(found.detail);
    const hosts = found.type === 'listed' ? found.hosts : [];
    if (found.type === 'listed' || found.switchedOff) memory.keepDiscovery(keepFound(memory.discovery(), { names: names(), hosts, nowMs: clock.nowMs() }));
    if (found.type === 'nobody') ({ switchedOff, detail: why } = found);
    return hosts;
  };

  /** By name: one that DNS places elsewhere now was asked there. */
  const fromMemory = (): readonly FoundHost[] => {
    const host = lastGood(memory.discovery(), names());
    return host === undefined || switchedOff || !allowed(host) || placed.has(host.host) ? [] : [host];
  };

  /** Sends whoever is asked next to those places; who failed at one a moment ago is not asked there again. */
  const place = (hosts: readonly FoundHost[]): readonly HostAddress[] =>
    hosts.flatMap((one) => {
      const before = placed.get(one.host);
      goTo(one);
      if (before !== undefined && isSamePlace(before, one)) return [];
      placed.set(one.host, one);
      judged.delete(one.host);
      return [one.host];
    });

  const judge = async (host: HostAddress): Promise<string | undefined> => {
    const nowMs = clock.nowMs();
    const { addresses } = placed.get(host) ?? { addresses: [] };
    const kept = quarantineOf(memory.discovery(), { host, addresses }, nowMs);
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
    if (rogue) memory.keepDiscovery(quarantine(memory.discovery(), { host, addresses, why: proof.why }, nowMs));
    trace({ type: 'not-proved', host, why: proof.why, quarantinedUntilMs: rogue ? nowMs + QUARANTINE_SECONDS * SECOND_MS : null });
    return rogue ? `it did not prove that it is a host: ${proof.why}` : proof.why;
  };

  const judgeOnce = (host: HostAddress): Promise<string | undefined> => {
    const known = judged.get(host);
    if (known !== undefined) return known;
    proving += 1;
    const judgement = judge(host).finally(() => void (proving -= 1));
    judgement.catch(() => undefined); // of one that is looked at ahead; who asks for it is told
    judged.set(host, judgement);
    return judgement;
  };

  /** Nobody is asked for more than a proof side by side: two hosts that answered the same request would both count the machine. */
  const lookAhead = (): void => {
    for (const host of placed.keys()) if (proving < AHEAD) void judgeOnce(host);
  };

  return {
    ordered: true,
    next: async () => {
      if (stage === 'cached') {
        stage = 'dns';
        const cached = place(fromCache());
        if (cached.length > 0) return cached;
      }
      if (stage === 'dns') {
        stage = 'last';
        const listed = place(await fromDns());
        if (listed.length > 0) return listed;
      }
      if (stage === 'done') return [];
      stage = 'done';
      return place(fromMemory());
    },
    objectionTo: async (host) => {
      if (monotonicMs() >= endMs) return 'the time for this contact was over';
      const objection = await judgeOnce(host);
      if (objection !== undefined) lookAhead();
      return objection;
    },
    served: (host) => {
      const state = memory.discovery();
      const next = keepGood(state, host);
      if (next !== state) memory.keepDiscovery(next);
    },
    nobody: () => why,
  };
};
