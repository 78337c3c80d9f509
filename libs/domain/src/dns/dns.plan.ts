import type { DnsConflict, DnsDifference, DnsFinding, EventOf, ServiceRecordWithdrawn } from '@muster/contracts';
import type { PlainRecord } from './dns.records.js';

/** What is to stand in a domain. */
export interface WantedDomain {
  readonly domain: string;
  /** Whether the host is activated and not retired. */
  readonly serving: boolean;
  /** By endpoint, the ones that come first when a name is full first; endpoints without a record are not in it. */
  readonly byEndpoint: ReadonlyMap<string, readonly PlainRecord[]>;
  /** How many endpoints would stand at each name if there were no limit. */
  readonly demand: ReadonlyMap<string, number>;
  readonly findings: readonly DnsFinding[];
}

export type DnsAction = 'publish' | 'update' | 'withdraw' | 'refresh' | 'scavenge';

/**
 * One UPDATE message: under the prerequisite that exactly `claim.before` stands at the claim's name (null: no TXT record), that set is replaced by
 * `claim.after` (null: by nothing) and the records are removed and added, all or nothing. Adding what is there already mends its TTL.
 */
export interface PlannedWrite {
  readonly endpoint: string;
  readonly domain: string;
  readonly action: DnsAction;
  readonly claim: { readonly name: string; readonly before: readonly string[] | null; readonly after: readonly string[] | null; readonly ttlSeconds: number };
  readonly add: readonly PlainRecord[];
  readonly remove: readonly PlainRecord[];
  /** Of the claim afterwards. */
  readonly epoch: number;
  /** For what it removes. */
  readonly reason: ServiceRecordWithdrawn['reason'];
  /** It takes away more than may go without an administrator's word: part of the plan, and not to be sent while the plan is refused. */
  readonly held: boolean;
}

/** What this deployment left behind: nothing wants it, and its claim was not renewed. Sent only by order, or by the daily run after it was reported. */
export interface Orphan {
  readonly domain: string;
  readonly endpoint: string;
  /** None: the claim of records that were withdrawn. */
  readonly records: readonly PlainRecord[];
  readonly renewedAtMs: number;
  /** Two windows later. */
  readonly dueAtMs: number;
  readonly write: PlannedWrite;
}

export interface DomainPlan {
  readonly domain: string;
  /** In the order in which they are to be made. */
  readonly writes: readonly PlannedWrite[];
  /** Everybody else's records where ours are to stand. Nothing is written there. */
  readonly conflicts: readonly DnsConflict[];
  /** Those of the conflicts that the ledger does not know. */
  readonly newConflicts: readonly EventOf<'DnsConflictDetected'>[];
  readonly differences: readonly DnsDifference[];
  readonly findings: readonly DnsFinding[];
  readonly orphans: readonly Orphan[];
  /** Why the held writes wait for an administrator's word. */
  readonly refused: string | null;
}
