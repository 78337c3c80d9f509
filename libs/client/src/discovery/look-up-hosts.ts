import type { Draws } from '@muster/kernel';
import { ADDRESSES_MAX, HOSTS_MAX } from '../core/discovery/discovery-state.js';
import type { FoundHost } from '../core/discovery/found-host.js';
import { addressOf, objectionTo, schemeOf } from '../core/discovery/found-host.js';
import { isSwitchedOff, orderRecords } from '../core/discovery/srv-order.js';
import type { HostAddress } from '../core/outcome.js';
import type { Trace } from './discovery-steps.js';
import type { DnsLookups } from './dns-lookups.js';

export interface LookUpOptions {
  /** In this order. */
  readonly names: readonly string[];
  readonly allowHttp: boolean;
  readonly remembered: HostAddress | null;
  readonly draws: Pick<Draws, 'unit'>;
  readonly trace: Trace;
  /** Those that may not be asked for the time being come after all others, whatever their priority: else they would take every place. */
  readonly leftAlone?: (host: FoundHost) => boolean;
}

/** More than are asked, for some of them may not be. */
const LOOKED_UP_MAX = 200;

/** What DNS says. */
export type LookedUp =
  | { readonly type: 'listed'; readonly hosts: readonly FoundHost[] }
  /** Said by the servers; `detail` is for people. */
  | { readonly type: 'nobody'; readonly switchedOff: boolean; readonly detail: string }
  /** No server answered, or none that may be used was left when the others did not. */
  | { readonly type: 'silent'; readonly detail: string };

type Candidate = Omit<FoundHost, 'addresses'>;

/** The remembered one keeps its place at the head while it is listed. */
const rememberedFirst = (candidates: readonly Candidate[], remembered: HostAddress | null): readonly Candidate[] => [
  ...candidates.filter(({ host }) => host === remembered),
  ...candidates.filter(({ host }) => host !== remembered),
];

const withAddresses = async (candidates: readonly Candidate[], lookups: DnsLookups, trace: Trace): Promise<readonly FoundHost[]> => {
  const targets = [...new Set(candidates.map(({ target }) => target))];
  const known = new Map(await Promise.all(targets.map(async (target) => [target, await lookups.addresses(target)] as const)));
  for (const [target, answer] of known) {
    trace({ type: 'addresses', target, addresses: answer.type === 'found' ? answer.values : [], detail: answer.type === 'failed' ? answer.detail : null });
  }
  return candidates.map((candidate) => {
    const answer = known.get(candidate.target);
    return { ...candidate, addresses: answer?.type === 'found' ? answer.values.slice(0, ADDRESSES_MAX) : [] };
  });
};

/** Asks DNS who is listed at the names, and at which address, in the order in which they are to be asked. */
export const lookUpHosts = async (lookups: DnsLookups, { names, allowHttp, remembered, draws, trace, leftAlone = () => false }: LookUpOptions): Promise<LookedUp> => {
  // All at once: a name whose server is away does not keep the others waiting.
  const answers = await Promise.all(names.map(async (name) => [name, ...(await Promise.all([lookups.srv(name), lookups.txt(name)]))] as const));
  const candidates = new Map<string, Candidate>();
  const failures: string[] = [];
  let off: string | undefined;
  for (const [name, srv, txt] of answers) {
    const records = srv.type === 'found' ? orderRecords(srv.values, draws) : [];
    const switchedOff = isSwitchedOff(records);
    const detail = srv.type === 'failed' ? srv.detail : null;
    trace({ type: 'asked', name, outcome: switchedOff ? 'switched-off' : srv.type === 'found' ? 'listed' : srv.type, detail, records });
    if (detail !== null) failures.push(`${name}: ${detail}`);
    if (switchedOff) {
      off = name;
      break; // an administrator's word: the next domain does not stand in
    }
    for (const record of records.filter(({ target }) => target !== '')) {
      const key = `${record.target}:${record.port}`;
      if (candidates.has(key)) continue;
      const scheme = schemeOf(record, txt.type === 'found' ? txt.values : []);
      candidates.set(key, { host: addressOf({ ...record, scheme }), target: record.target, port: record.port, scheme });
    }
  }
  const found = await withAddresses(rememberedFirst([...candidates.values()], remembered).slice(0, LOOKED_UP_MAX), lookups, trace);
  const usable = found.filter((one) => {
    const why = objectionTo(one, { allowHttp });
    if (why !== undefined) trace({ type: 'left-out', host: one.host, why });
    return why === undefined;
  });
  const hosts = [...usable.filter((one) => !leftAlone(one)), ...usable.filter(leftAlone)].slice(0, HOSTS_MAX);
  if (hosts.length > 0) return { type: 'listed', hosts };
  if (off !== undefined) return { type: 'nobody', switchedOff: true, detail: `the service is switched off by ${off}` };
  if (failures.length > 0) return { type: 'silent', detail: `DNS does not answer (${failures[0]})` };
  const where = names.length === 0 ? 'no domain is known to look in' : `DNS names no host at ${names.join(', ')}`;
  return { type: 'nobody', switchedOff: false, detail: candidates.size === 0 ? where : 'DNS names no host that may be asked' };
};
