import type { DnsDomainPolicy, DnsTiming } from './dns.policy.js';
import type { DomainPlan, WantedDomain } from './dns.plan.js';
import type { LiveDomain } from './dns.records.js';
import type { DnsState } from './endpoints.fold.js';

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

/** What to write so that DNS shows what is wanted, whatever stands there now. */
export const planDomain = ({ policy: { domain } }: PlanContext): DomainPlan => ({ domain, writes: [], conflicts: [], newConflicts: [], differences: [], findings: [], orphans: [], refused: null });
