import type { DnsDomainPolicy, DnsTiming, LiveDomain, PlannedWrite } from '@muster/domain';
import { recordsOf } from '@muster/domain';
import type { Log, ServiceClock } from '@muster/service';
import type { CurrentDns } from '../view/current-dns.js';
import type { DnsRecorder } from '../wiring/dns-recorder.js';
import type { DnsMetrics } from './dns-metrics.js';
import type { Look } from './look-at-domain.js';
import { lookAtDomain } from './look-at-domain.js';
import type { OpenZone } from './open-zone.js';
import { readLive } from './read-live.js';
import type { MadeChange, SentWrites } from './send-writes.js';
import { sendWrites } from './send-writes.js';

export interface DomainInDnsParts {
  readonly current: CurrentDns;
  readonly recorder: DnsRecorder;
  readonly timing: DnsTiming;
  readonly clock: ServiceClock;
  readonly metrics: DnsMetrics;
  readonly log: Log;
}

export interface MakeOptions {
  readonly onMade: (made: MadeChange) => void;
  readonly stopped: () => boolean;
}

/** One domain as one server has it: looked at, changed, and what came of it recorded. Everything throws `DnsFailure`, and `Problem` where the ledger is away. */
export class DomainInDns {
  constructor(
    private readonly policy: DnsDomainPolicy,
    private readonly parts: DomainInDnsParts,
  ) {}

  async look(zone: OpenZone, deleteShareMax?: number): Promise<Look & { readonly serial: number }> {
    const { current, timing, clock, metrics } = this.parts;
    const { policy } = this;
    // Whether it serves the zone at all comes first: other answers of a server that does not would be read wrongly.
    const serial = await zone.serial();
    const look = await lookAtDomain(zone.ask, { current, timing, clock, policy, deleteShareMax });
    metrics.looked(policy.domain, look.plan.differences);
    return { ...look, serial };
  }

  /** Looks, and records what the answers show and the ledger does not know, such as what a registrar did and did not live to record. */
  async lookAndRecord(zone: OpenZone, deleteShareMax?: number): Promise<Look> {
    const { current, recorder } = this.parts;
    const look = await this.look(zone, deleteShareMax);
    const by = { server: zone.server, serial: look.serial };
    const isNews = await current.read(({ view, position }) => look.unrecorded(view, position, by).length > 0);
    if (isNews) await recorder.record((view, { position }) => look.unrecorded(view, position, by));
    return look;
  }

  /** Sends changes, asks again, and records what the answers show: an answer to an update alone is no proof. */
  async make(zone: OpenZone, writes: readonly PlannedWrite[], { onMade, stopped }: MakeOptions): Promise<SentWrites> {
    const { recorder, metrics, log } = this.parts;
    const { policy } = this;
    const sent = await sendWrites(zone, writes, { zoneName: policy.zone, metrics, onMade, stopped });
    if (sent.done.length === 0) return sent;
    log.info({ domain: policy.domain, server: zone.server, changes: sent.done.map(({ write }) => `${write.action} ${write.endpoint}`) }, 'DNS was changed');
    const live = await this.liveIn(zone);
    await recorder.record(({ dns: state }) => sent.done.flatMap(({ write, serial }) => recordsOf({ write, live, state, policy, server: zone.server, rcode: 'NOERROR', serial })));
    return sent;
  }

  private async liveIn(zone: OpenZone): Promise<LiveDomain> {
    const state = await this.parts.current.read(({ view }) => view.dns);
    return (await readLive(zone.ask, { state, policy: this.policy })).live;
  }
}
