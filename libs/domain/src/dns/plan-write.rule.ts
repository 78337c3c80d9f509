import { formatClaim } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { DnsAction, Orphan, PlannedWrite, WantedDomain } from './dns.plan.js';
import type { DnsDomainPolicy, DnsTiming } from './dns.policy.js';
import type { PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { plainName } from './names.js';
import { claimInstant, epochAfter } from './ownership.rule.js';
import type { Stand } from './stands.js';
import { recordKey } from './stands.js';

/** A claim that nobody wrote anew for so many windows is nobody's. */
const WINDOWS = 2;

export interface WriteContext {
  readonly state: DnsState;
  readonly wanted: Pick<WantedDomain, 'serving'>;
  readonly policy: DnsDomainPolicy;
  readonly deployment: string;
  readonly position: number;
  readonly nowMs: number;
  readonly timing: DnsTiming;
  /** The TTL of records in the same set that are not ours to change: undefined where there are none. */
  readonly sharedTtl: (record: PlainRecord) => number | undefined;
}

/** Why an endpoint is not to stand where it does. */
export const reasonOf = (endpoint: string, { state, wanted }: Pick<WriteContext, 'state' | 'wanted'>): PlannedWrite['reason'] => {
  if (!wanted.serving) return 'host-retired';
  return state.endpoints.get(endpoint)?.standing.status === 'withdrawn' ? 'endpoint-withdrawn' : 'not-wanted';
};

interface Intent {
  readonly action: DnsAction;
  readonly add: readonly PlainRecord[];
  readonly remove: readonly PlainRecord[];
}

const writeFor = ({ endpoint, claimName, holder }: Stand, { action, add, remove }: Intent, context: WriteContext): PlannedWrite => {
  const { policy, deployment, position, nowMs } = context;
  const epoch = epochAfter(holder, position);
  const state = action === 'withdraw' ? 'withdrawn' : 'active';
  const after = action === 'scavenge' ? null : formatClaim({ deployment, epoch, at: claimInstant(nowMs), state });
  const before = holder.kind === 'nobody' ? null : holder.strings;
  const reason = action === 'scavenge' ? 'scavenged' : reasonOf(endpoint, context);
  return { endpoint, domain: policy.domain, action, claim: { name: claimName, before, after, ttlSeconds: policy.ttlSeconds }, add, remove, epoch, reason, held: false };
};

const toWrite = (stand: Stand, context: WriteContext): PlannedWrite | undefined => {
  const { wanted, found, holder } = stand;
  const here = new Map(found.map((record) => [recordKey(record), record]));
  const kept = new Set(wanted.map(recordKey));
  const add = wanted.flatMap((record) => {
    // A TTL is the whole set's: with one of its own, an added record would change those of others, and two deployments each other's for ever.
    const ttlSeconds = context.sharedTtl(record) ?? record.ttlSeconds;
    return here.get(recordKey(record))?.ttlSeconds === ttlSeconds ? [] : [{ ...record, ttlSeconds }];
  });
  const remove = found.filter((record) => !kept.has(recordKey(record)));
  const stands = holder.kind === 'ours' && holder.claim.state === 'active' && found.some(({ data }) => data.type === 'SRV');
  if (!stands) return writeFor(stand, { action: 'publish', add, remove }, context);
  if (add.length > 0 || remove.length > 0) return writeFor(stand, { action: 'update', add, remove }, context);
  // One that a wrong clock wrote ahead of time would never be old.
  const isOld = Math.abs(context.nowMs - holder.atMs) >= context.timing.refreshSeconds * SECOND_MS;
  return isOld ? writeFor(stand, { action: 'refresh', add, remove }, context) : undefined;
};

/** The write that a stand needs now; undefined when it needs none, or may have none. */
export const writeAt = (stand: Stand, context: WriteContext): PlannedWrite | undefined => {
  const { endpoint, wanted, found, holder, mayChange } = stand;
  if (!mayChange) return undefined;
  if (wanted.length > 0) return toWrite(stand, context);
  const stillStands = found.length > 0 || (holder.kind === 'ours' && holder.claim.state === 'active');
  // Of what the ledger does not know, nobody can say why it should go: see `orphanAt`.
  return stillStands && context.state.endpoints.has(endpoint) ? writeFor(stand, { action: 'withdraw', add: [], remove: found }, context) : undefined;
};

/** What nothing wants and no write of `writeAt` takes away: records of endpoints that the ledger does not know, and claims of what was withdrawn. */
export const orphanAt = (stand: Stand, context: WriteContext): Orphan | undefined => {
  const { endpoint, wanted, found, holder } = stand;
  if (holder.kind !== 'ours' || wanted.length > 0 || writeAt(stand, context) !== undefined) return undefined;
  const dueAtMs = holder.atMs + WINDOWS * context.timing.windowSeconds * SECOND_MS;
  return { domain: context.policy.domain, endpoint, records: found, renewedAtMs: holder.atMs, dueAtMs, write: writeFor(stand, { action: 'scavenge', add: [], remove: found }, context) };
};

/** Equal for the records whose TTL is one (RFC 2181 section 5.2). */
export const setKey = ({ name, data }: PlainRecord): string => `${plainName(name)} ${data.type}`;
