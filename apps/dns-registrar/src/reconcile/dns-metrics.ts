import { SECOND_MS } from '@muster/kernel';
import type { DnsDifference } from '@muster/contracts';
import type { Metrics } from '@muster/service';

const KINDS: readonly DnsDifference['kind'][] = ['missing', 'different', 'stale', 'foreign', 'ttl', 'scheme'];

interface Update {
  readonly zone: string;
  readonly action: string;
  /** By name; the kind of the failure where there was no answer. */
  readonly rcode: string;
}

export interface DnsMetrics {
  readonly updated: (update: Update, ms: number) => void;
  readonly looked: (domain: string, differences: readonly DnsDifference[]) => void;
  readonly reconciled: (domain: string, nowMs: number) => void;
}

export const createDnsMetrics = (metrics: Pick<Metrics, 'counter' | 'gauge' | 'histogram'>): DnsMetrics => {
  const updates = metrics.counter({ name: 'muster_dns_updates_total', help: 'Updates sent to DNS servers, by what came of them', labelNames: ['zone', 'action', 'rcode'] });
  const duration = metrics.histogram({ name: 'muster_dns_update_duration_seconds', help: 'From an update to its answer, the question for the serial included' });
  const drift = metrics.gauge({ name: 'muster_dns_drift_records', help: 'How DNS differed from what is wanted when it was last asked', labelNames: ['domain', 'kind'] });
  const success = metrics.gauge({ name: 'muster_dns_last_success_timestamp_seconds', help: 'When DNS was last asked and changed without a failure', labelNames: ['domain'] });
  return {
    updated: (update, ms) => {
      updates.inc({ ...update });
      duration.observe(ms / SECOND_MS);
    },
    looked: (domain, differences) => {
      for (const kind of KINDS) drift.set({ domain, kind }, differences.filter((difference) => difference.kind === kind).length);
    },
    reconciled: (domain, nowMs) => success.set({ domain }, nowMs / SECOND_MS),
  };
};
