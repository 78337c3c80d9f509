import type { DnsApplied } from '@muster/contracts';
import type { PlannedWrite } from '@muster/domain';
import type { DnsFailure, DnsFailureKind } from '@muster/dns-wire';
import { isDnsFailure } from '@muster/dns-wire';
import type { OpenZone } from './open-zone.js';
import type { DnsMetrics } from './dns-metrics.js';

export type MadeChange = DnsApplied['domains'][number]['changes'][number];

/** One change was refused, and the next may pass: a policy may allow some names only, and a full name is full for itself. */
const OF_ONE_CHANGE: readonly DnsFailureKind[] = ['refused', 'outside-zone', 'server-failed', 'not-understood', 'unexpected-rcode', 'invalid'];

export interface SentWrites {
  readonly done: readonly { readonly write: PlannedWrite; readonly serial: number | null }[];
  /** Somebody changed the claim meanwhile, or nobody knows what became of the change: only asking again tells. */
  readonly anew: boolean;
  /** The first failure of a change; the server is worth no more trust until it is mended. */
  readonly failure: DnsFailure | undefined;
}

const madeOf = (write: PlannedWrite, server: string, outcome: MadeChange['outcome'], more: Partial<MadeChange>): MadeChange => ({
  ...{ endpoint: write.endpoint, action: write.action, outcome, server, rcode: null, serial: null, detail: null },
  ...more,
});

/** Sends changes one by one, and tells `onMade` of each. @throws nothing of DNS */
export const sendWrites = async (zone: OpenZone, writes: readonly PlannedWrite[], { onMade, metrics, zoneName, stopped }: SendOptions): Promise<SentWrites> => {
  const done: { write: PlannedWrite; serial: number | null }[] = [];
  let anew = false;
  let failure: DnsFailure | undefined;
  for (const write of writes) {
    if (stopped()) break;
    const startedMs = performance.now();
    const observe = (rcode: string): void => metrics.updated({ zone: zoneName, action: write.action, rcode }, performance.now() - startedMs);
    try {
      const serial = await zone.send(write);
      observe('NOERROR');
      done.push({ write, serial });
      onMade(madeOf(write, zone.server, 'done', { rcode: 'NOERROR', serial }));
    } catch (error) {
      if (!isDnsFailure(error)) throw error;
      observe(error.rcode ?? error.kind);
      onMade(madeOf(write, zone.server, 'failed', { rcode: error.rcode ?? null, detail: error.detail }));
      if (error.kind === 'prerequisite-failed') anew = true;
      else failure ??= error;
      if (error.kind !== 'prerequisite-failed' && !OF_ONE_CHANGE.includes(error.kind)) break;
    }
  }
  return { done, anew, failure };
};

export interface SendOptions {
  readonly zoneName: string;
  readonly metrics: Pick<DnsMetrics, 'updated'>;
  readonly onMade: (made: MadeChange) => void;
  /** The process stops: what was sent is still recorded, and the rest is for the next one. */
  readonly stopped: () => boolean;
}
