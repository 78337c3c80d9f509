import type { DnsFinding } from '@muster/contracts';
import { conflictsOf } from './conflicts.rule.js';
import { holdBack } from './delete-share.rule.js';
import { differencesOf } from './differences.rule.js';
import type { DnsAction, DomainPlan, PlannedWrite, WantedDomain } from './dns.plan.js';
import type { DnsDomainPolicy, DnsTiming } from './dns.policy.js';
import type { LiveDomain, PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { crowdFinding, withinRoom } from './limit.rule.js';
import { plainName, policyNames } from './names.js';
import { orphanAt, setKey, writeAt } from './plan-write.rule.js';
import type { Stand } from './stands.js';
import { judged, standsIn } from './stands.js';

export interface PlanContext {
  readonly state: DnsState;
  readonly wanted: WantedDomain;
  readonly live: LiveDomain;
  readonly policy: DnsDomainPolicy;
  /** Ours, 32 hexadecimal digits. */
  readonly deployment: string;
  /** The ledger's head that `state` is of. */
  readonly position: number;
  readonly nowMs: number;
  readonly timing: DnsTiming;
  /** In place of the policy's. */
  readonly deleteShareMax?: number;
}

/** Who comes is there before others go: a name that is empty for a moment is remembered as empty for the zone's negative TTL. */
const COMING_FIRST = { publish: 0, update: 1, withdraw: 2, scavenge: 2, refresh: 3 } as const satisfies Record<DnsAction, number>;
/** A name that is full takes nothing before something made room. */
const GOING_FIRST = { withdraw: 0, scavenge: 0, update: 1, publish: 2, refresh: 3 } as const satisfies Record<DnsAction, number>;

const isSrv = ({ data }: PlainRecord): boolean => data.type === 'SRV';

/** What stands at our names and will stay: other people's, and ours that nobody may take away yet. */
const othersIn = (stands: readonly Stand[], { live, state }: PlanContext): readonly PlainRecord[] => {
  const changeable = new Set(stands.filter(({ endpoint, wanted, mayChange }) => mayChange && (wanted.length > 0 || state.endpoints.has(endpoint))).flatMap(({ found }) => found));
  return live.records.filter((record) => !changeable.has(record));
};

/** How much of each name is taken: a server limits each set of a name, SRV and TXT alike. */
const crowding = (others: readonly PlainRecord[]): ((name: string) => number) => {
  const counts = new Map<string, number>();
  for (const record of others) counts.set(setKey(record), (counts.get(setKey(record)) ?? 0) + 1);
  return (name) => Math.max(counts.get(`${name} SRV`) ?? 0, counts.get(`${name} TXT`) ?? 0);
};

const crowdFindings = (stands: readonly Stand[], others: readonly PlainRecord[], { wanted, policy }: PlanContext): readonly DnsFinding[] => {
  // What stands in the way of one of ours is counted as that one.
  const inOurWay = new Set(stands.filter((stand) => stand.wanted.length > 0).flatMap(({ found }) => found));
  const othersAt = crowding(others.filter((record) => !inOurWay.has(record)));
  return policyNames(policy).flatMap((name) => crowdFinding({ name, ours: wanted.demand.get(name) ?? 0, others: othersAt(name) }, policy) ?? []);
};

interface Fitting {
  readonly stands: readonly Stand[];
  readonly others: readonly PlainRecord[];
}

/** What fits beside what stays. Records that were entered for us and do not fit are nobody's, so that there is less room than it seemed. */
const fitting = (stands: readonly Stand[], context: PlanContext): Fitting => {
  const others = othersIn(stands, context);
  const othersAt = crowding(others);
  const changeable = stands.filter(({ mayChange }) => mayChange);
  const kept = withinRoom(new Map(changeable.map(({ claimName, wanted }) => [claimName, wanted])), (name) => Math.max(0, context.policy.recordsMax - othersAt(name)));
  const fit = stands.map((stand) => (stand.mayChange ? judged({ ...stand, wanted: kept.get(stand.claimName) ?? [] }) : stand));
  return fit.filter(({ mayChange }) => mayChange).length === changeable.length ? { stands: fit, others } : fitting(fit, context);
};

const inTurn = (writes: readonly PlannedWrite[], { live, policy }: PlanContext): readonly PlannedWrite[] => {
  const all = [...live.records, ...writes.flatMap(({ add }) => add)];
  const allAt = crowding(all);
  const turn = all.some(({ name }) => allAt(plainName(name)) > policy.recordsMax) ? GOING_FIRST : COMING_FIRST;
  return [...writes].sort((one, other) => turn[one.action] - turn[other.action]);
};

/** What to write so that DNS shows what is wanted, whatever stands there now. */
export const planDomain = (context: PlanContext): DomainPlan => {
  const { state, wanted, live, policy } = context;
  const all = standsIn(context);
  const { stands, others } = fitting(all, context);
  const ttls = new Map(others.map((record) => [setKey(record), record.ttlSeconds]));
  const writing = { ...context, sharedTtl: (record: PlainRecord) => ttls.get(setKey(record)) };
  const ours = stands.filter(({ holder }) => holder.kind === 'ours').flatMap(({ found }) => found.filter(isSrv)).length;
  const planned = inTurn(stands.flatMap((stand) => writeAt(stand, writing) ?? []), context);
  return {
    domain: policy.domain,
    ...holdBack(planned, { state, wanted, policy, live: ours, deleteShareMax: context.deleteShareMax ?? policy.deleteShareMax }),
    ...conflictsOf(stands, { state, domain: policy.domain }),
    differences: differencesOf(stands, live.records, state),
    findings: [...wanted.findings, ...crowdFindings(all, others, context)],
    orphans: stands.flatMap((stand) => orphanAt(stand, writing) ?? []),
  };
};
