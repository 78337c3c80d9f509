import type { DnsFailureReport } from '@muster/contracts';
import type { DomainPlan, Orphan, PlannedWrite } from '@muster/domain';
import { orphanKey, orphansToGo } from '@muster/domain';
import type { Draws } from '@muster/kernel';
import type { RegistrarDomain } from '../wiring/registrar-domains.js';
import { DomainInDns, type DomainInDnsParts } from './domain-in-dns.js';
import type { Look } from './look-at-domain.js';
import type { OpenZone } from './open-zone.js';
import type { MadeChange, SentWrites } from './send-writes.js';
import { ZoneAccess, type ZoneAccessParts, type ZoneOutcome } from './zone-access.js';

/** Each loses to somebody else's change in between; whoever loses so often has an adversary, and there is a next time. */
const PASSES_MAX = 4;

export interface ReconcilerParts extends DomainInDnsParts, Pick<ZoneAccessParts, 'signatureClock'> {
  readonly draws: Draws;
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

export type Scavenging = 'dry-run' | 'ordered' | 'regular';

/** What may be sent: all of the plan, but for what waits for an administrator's word. */
const sendable = ({ writes, refused }: DomainPlan): readonly PlannedWrite[] => (refused === null ? writes : writes.filter(({ held }) => !held));

/** Makes one domain in DNS what the ledger wants. One thing at a time: what an administrator orders waits for what is under way. */
export class DomainReconciler {
  readonly zone: ZoneAccess;
  private readonly dns: DomainInDns;
  private reconciledMs: number | undefined;
  private refused: string | null = null;
  private reported: ReadonlySet<string> = new Set();
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(
    readonly domain: RegistrarDomain,
    private readonly parts: ReconcilerParts,
  ) {
    this.zone = new ZoneAccess(domain, parts);
    this.dns = new DomainInDns(domain.policy, parts);
  }

  /** When all was last as it should be, or made so. */
  get reconciledAtMs(): number | undefined {
    return this.reconciledMs;
  }

  /** Asks, and changes nothing. */
  look(): Promise<ZoneOutcome<Look>> {
    return this.zone.use((zone) => this.dns.look(zone), { insist: true });
  }

  /** @throws Problem `unavailable`, `host-not-activated` and what a recorder throws; nothing of DNS */
  reconcile(options: ReconcileOptions = {}): Promise<Reconciled> {
    return this.inTurn(async () => {
      const made = new Map<string, MadeChange>();
      let look: Look | undefined;
      const outcome = await this.zone.use(async (zone) => {
        for (let pass = 1; pass <= PASSES_MAX && !this.zone.stopped; pass += 1) {
          look = await this.dns.lookAndRecord(zone, options.deleteShareMax);
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
  scavenge(how: Scavenging): Promise<{ readonly orphans: readonly ScavengedOrphan[]; readonly failure: DnsFailureReport | null }> {
    return this.inTurn(async () => {
      const outcome = await this.zone.use((zone) => this.scavengeIn(zone, how), { insist: how !== 'regular' });
      return outcome.kind === 'done' ? { orphans: outcome.value, failure: null } : { orphans: [], failure: outcome.failure };
    });
  }

  private async pass(zone: OpenZone, { plan }: Look, made: Map<string, MadeChange>): Promise<SentWrites> {
    const writes = sendable(plan);
    for (const [endpoint, change] of made) {
      // Somebody else made the change first, such as another replica.
      if (change.outcome === 'failed' && !writes.some((write) => write.endpoint === endpoint)) made.set(endpoint, { ...change, outcome: 'not-needed', detail: null });
    }
    return this.dns.make(zone, writes, { onMade: (change) => made.set(change.endpoint, change), stopped: () => this.zone.stopped });
  }

  private async scavengeIn(zone: OpenZone, how: Scavenging): Promise<readonly ScavengedOrphan[]> {
    const { orphans } = (how === 'dry-run' ? await this.dns.look(zone) : await this.dns.lookAndRecord(zone)).plan;
    const going = orphansToGo(orphans, { nowMs: this.parts.clock.nowMs(), reported: how === 'regular' ? this.reported : 'ordered' });
    this.report(orphans);
    const made = new Map<string, MadeChange>();
    const writes = how === 'dry-run' ? [] : going.map(({ write }) => write);
    const sent = await this.dns.make(zone, writes, { onMade: (change) => made.set(change.endpoint, change), stopped: () => this.zone.stopped });
    if (sent.failure !== undefined && sent.done.length === 0) throw sent.failure;
    return orphans.map((orphan) => {
      if (!going.includes(orphan)) return { orphan, outcome: 'waits', detail: null };
      if (how === 'dry-run') return { orphan, outcome: 'would-go', detail: null };
      const change = made.get(orphan.endpoint);
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
