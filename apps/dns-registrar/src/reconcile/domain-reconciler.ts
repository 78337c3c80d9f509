import type { DnsFailureReport } from '@muster/contracts';
import type { DnsTiming, DomainPlan, Orphan, PlannedWrite } from '@muster/domain';
import { orphanKey, orphansToGo, recordsOf } from '@muster/domain';
import type { Draws } from '@muster/kernel';
import type { Log, ServiceClock } from '@muster/service';
import type { CurrentDns } from '../view/current-dns.js';
import type { DnsRecorder } from '../wiring/dns-recorder.js';
import type { RegistrarDomain } from '../wiring/registrar-domains.js';
import type { DnsMetrics } from './dns-metrics.js';
import type { Look } from './look-at-domain.js';
import { lookAtDomain } from './look-at-domain.js';
import type { OpenZone } from './open-zone.js';
import type { MadeChange, SentWrites } from './send-writes.js';
import { sendWrites } from './send-writes.js';
import { ZoneAccess, type ZoneAccessParts, type ZoneOutcome } from './zone-access.js';

/** Each loses to somebody else's change in between; whoever loses so often has an adversary, and there is a next time. */
const PASSES_MAX = 4;

export interface ReconcilerParts extends Pick<ZoneAccessParts, 'signatureClock'> {
  readonly current: CurrentDns;
  readonly recorder: DnsRecorder;
  readonly timing: DnsTiming;
  readonly clock: ServiceClock;
  readonly draws: Draws;
  readonly metrics: DnsMetrics;
  readonly log: Log;
}

export interface ReconcileOptions {
  /** Somebody waits, or something happened: servers that are left alone for a while are asked too. */
  readonly insist?: boolean;
  readonly deleteShareMax?: number | undefined;
}

export interface Reconciled {
  /** One for each endpoint that was to be changed: the last word on it. */
  readonly made: readonly MadeChange[];
  /** As of the last look; undefined when no server answered. */
  readonly look: Look | undefined;
  readonly failure: DnsFailureReport | null;
}

export interface ScavengedOrphan {
  readonly orphan: Orphan;
  readonly outcome: 'waits' | 'would-go' | 'gone' | 'failed';
  readonly detail: string | null;
}

/** What may be sent: all of the plan, but for what waits for an administrator's word. */
const sendable = ({ writes, refused }: DomainPlan): readonly PlannedWrite[] => (refused === null ? writes : writes.filter(({ held }) => !held));

/** Makes one domain in DNS what the ledger wants. One thing at a time: what an administrator orders waits for what is under way. */
export class DomainReconciler {
  readonly zone: ZoneAccess;
  private reconciledMs: number | undefined;
  private refused: string | null = null;
  private reported: ReadonlySet<string> = new Set();
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(
    readonly domain: RegistrarDomain,
    private readonly parts: ReconcilerParts,
  ) {
    this.zone = new ZoneAccess(domain, parts);
  }

  /** When all was last as it should be, or made so. */
  get reconciledAtMs(): number | undefined {
    return this.reconciledMs;
  }

  /** Asks, and changes nothing. */
  look(options: ReconcileOptions = {}): Promise<ZoneOutcome<Look>> {
    return this.zone.use((zone) => this.lookIn(zone, options), { insist: true });
  }

  /** @throws Problem `unavailable`, `host-not-activated` and what a recorder throws; nothing of DNS */
  reconcile(options: ReconcileOptions = {}): Promise<Reconciled> {
    return this.inTurn(async () => {
      const made = new Map<string, MadeChange>();
      let look: Look | undefined;
      const outcome = await this.zone.use(async (zone) => {
        for (let pass = 1; pass <= PASSES_MAX && !this.zone.stopped; pass += 1) {
          look = await this.lookAndRecord(zone, options);
          const sent = await this.pass(zone, look, made);
          if (sent.failure !== undefined) throw sent.failure;
          if (!sent.anew && sent.done.length === 0) break;
        }
      }, options);
      if (outcome.kind === 'done') this.settled(look);
      return { made: [...made.values()], look, failure: outcome.kind === 'failed' ? outcome.failure : null };
    });
  }

  /** Takes away what this deployment left behind and nobody wants. By order all that is due goes; else only what an earlier run reported. */
  scavenge(how: 'dry-run' | 'ordered' | 'daily'): Promise<{ readonly orphans: readonly ScavengedOrphan[]; readonly failure: DnsFailureReport | null }> {
    return this.inTurn(async () => {
      const outcome = await this.zone.use((zone) => this.scavengeIn(zone, how), { insist: how !== 'daily' });
      return outcome.kind === 'done' ? { orphans: outcome.value, failure: null } : { orphans: [], failure: outcome.failure };
    });
  }

  private async lookIn(zone: OpenZone, { deleteShareMax }: ReconcileOptions): Promise<Look & { readonly serial: number }> {
    const { current, timing, clock, metrics } = this.parts;
    const serial = await zone.serial();
    const look = await lookAtDomain(zone.ask, { current, timing, clock, policy: this.domain.policy, deleteShareMax });
    metrics.looked(this.domain.policy.domain, look.plan.differences);
    return { ...look, serial };
  }

  /** Looks, and records what the answers show and the ledger does not know, such as what a registrar did and did not live to record. */
  private async lookAndRecord(zone: OpenZone, options: ReconcileOptions): Promise<Look> {
    const { current, recorder } = this.parts;
    const look = await this.lookIn(zone, options);
    const by = { server: zone.server, serial: look.serial };
    const isNews = await current.read(({ view, position }) => look.unrecorded(view, position, by).length > 0);
    if (isNews) await recorder.record((view, { position }) => look.unrecorded(view, position, by));
    return look;
  }

  private async pass(zone: OpenZone, { plan }: Look, made: Map<string, MadeChange>): Promise<SentWrites> {
    const writes = sendable(plan);
    for (const [endpoint, change] of made) {
      // Somebody else made the change first, such as another replica.
      if (change.outcome === 'failed' && !writes.some((write) => write.endpoint === endpoint)) made.set(endpoint, { ...change, outcome: 'not-needed', detail: null });
    }
    return this.make(zone, writes, (change) => made.set(change.endpoint, change));
  }

  /** Sends changes, asks again, and records what the answers show. */
  private async make(zone: OpenZone, writes: readonly PlannedWrite[], onMade: (made: MadeChange) => void): Promise<SentWrites> {
    const { current, recorder, timing, clock, metrics, log } = this.parts;
    const { policy } = this.domain;
    const sent = await sendWrites(zone, writes, { zoneName: policy.zone, metrics, onMade, stopped: () => this.zone.stopped });
    if (sent.done.length === 0) return sent;
    log.info({ domain: policy.domain, server: zone.server, changes: sent.done.map(({ write }) => `${write.action} ${write.endpoint}`) }, 'DNS was changed');
    const { live } = await lookAtDomain(zone.ask, { current, policy, timing, clock });
    await recorder.record(({ dns: state }) => sent.done.flatMap(({ write, serial }) => recordsOf({ write, live, state, policy, server: zone.server, rcode: 'NOERROR', serial })));
    return sent;
  }

  private async scavengeIn(zone: OpenZone, how: 'dry-run' | 'ordered' | 'daily'): Promise<readonly ScavengedOrphan[]> {
    const { orphans } = (await this.lookAndRecord(zone, {})).plan;
    const going = orphansToGo(orphans, { nowMs: this.parts.clock.nowMs(), reported: how === 'daily' ? this.reported : 'ordered' });
    this.report(orphans);
    const made = new Map<string, MadeChange>();
    const sent = how === 'dry-run' ? undefined : await this.make(zone, going.map(({ write }) => write), (change) => made.set(change.endpoint, change));
    if (sent?.failure !== undefined && sent.done.length === 0) throw sent.failure;
    return orphans.map((orphan) => {
      if (!going.includes(orphan)) return { orphan, outcome: 'waits', detail: null };
      const change = made.get(orphan.endpoint);
      if (how === 'dry-run') return { orphan, outcome: 'would-go', detail: null };
      return { orphan, outcome: change?.outcome === 'done' ? 'gone' : 'failed', detail: change?.detail ?? null };
    });
  }

  private report(orphans: readonly Orphan[]): void {
    for (const orphan of orphans.filter((found) => !this.reported.has(orphanKey(found)))) {
      this.parts.log.warn({ domain: orphan.domain, endpoint: orphan.endpoint, records: orphan.records.length }, 'records of this deployment that nothing wants: they go when their claim is two windows old');
    }
    this.reported = new Set(orphans.map(orphanKey));
  }

  private settled(look: Look | undefined): void {
    const { clock, log, metrics } = this.parts;
    const { domain } = this.domain.policy;
    const refused = look?.plan.refused ?? null;
    if (refused !== null && this.refused === null) log.warn({ domain, refused }, 'changes wait for an administrator: muster dns apply');
    this.refused = refused;
    this.reconciledMs = clock.nowMs();
    metrics.reconciled(domain, this.reconciledMs);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.underWay.then(work, work);
    this.underWay = turn.catch(() => undefined);
    return turn;
  }
}
