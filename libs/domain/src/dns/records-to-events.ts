import type { EventOf } from '@muster/contracts';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { DomainPlan, PlannedWrite, WantedDomain } from './dns.plan.js';
import type { LiveDomain } from './dns.records.js';
import type { DnsState } from './endpoints.fold.js';

export type RecordEvent = EventOf<'ServiceRecordPublished' | 'ServiceRecordWithdrawn'>;

interface Observed {
  /** What a query after the write found. */
  readonly live: LiveDomain;
  readonly state: DnsState;
  readonly policy: DnsDomainPolicy;
  /** Address and port of the server that was asked. */
  readonly server: string;
  readonly serial: number | null;
}

/** What a write changed by the word of a query after it, where the ledger says otherwise. */
export const recordsOf = (_written: Observed & { readonly write: PlannedWrite; readonly rcode: string }): readonly RecordEvent[] => [];

/** What stands there as wanted, or is gone as wanted, without the ledger knowing: a registrar stopped between its write and the record of it. */
export const unrecordedOf = (_settled: Observed & { readonly plan: DomainPlan; readonly wanted: WantedDomain; readonly deployment: string }): readonly RecordEvent[] => [];
