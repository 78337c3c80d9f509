import type { EndpointBeat } from '@muster/contracts';
import type { Hearing } from '@muster/domain';
import { SECOND_MS } from '@muster/kernel';

/** Far beyond any host. What is silent makes room, and nothing that is heard does: it would be silent and heard by turns. */
const ENDPOINTS_MAX = 1000;
/** Of gateway processes behind one address; whoever was heard longest ago makes room. */
const INSTANCES_MAX = 100;

/** What this process heard of endpoints, by a monotonic clock. Every replica hears all beats, and forgets them when it stops. */
export class Heard {
  private readonly hearings = new Map<string, Hearing>();
  /** Since when it hears everything. */
  private since: number;

  constructor(
    private readonly silentAfterSeconds: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.since = monotonicMs();
  }

  get byEndpoint(): ReadonlyMap<string, Hearing> {
    return this.hearings;
  }

  get startedMs(): number {
    return this.since;
  }

  /** Beats may have been missed until now: nobody is silent yet. */
  restart(): void {
    this.since = this.monotonicMs();
  }

  hear({ instance, stopping, ...facts }: EndpointBeat): void {
    const nowMs = this.monotonicMs();
    const known = this.hearings.get(facts.endpoint);
    if (known === undefined && !this.hasRoom(nowMs)) return;
    const instances = new Map([...(known?.instances ?? [])].filter(([id, { heardMs }]) => id !== instance && this.isRecent(heardMs, nowMs)).slice(1 - INSTANCES_MAX));
    instances.set(instance, { heardMs: nowMs, stopping });
    // Two behind one address that differ must not take turns in the ledger, nor may two registrars that heard them in another order:
    // the one that started last is right, for it was configured last.
    const newest = [...instances].flatMap(([id, { stopping: leaves }]) => (leaves ? [] : [id])).sort().at(-1) ?? instance;
    this.hearings.delete(facts.endpoint);
    this.hearings.set(facts.endpoint, { lastHeardMs: nowMs, facts: newest === instance || known === undefined ? facts : known.facts, instances });
  }

  private isRecent(heardMs: number, nowMs: number): boolean {
    return nowMs - heardMs <= this.silentAfterSeconds * SECOND_MS;
  }

  private hasRoom(nowMs: number): boolean {
    if (this.hearings.size < ENDPOINTS_MAX) return true;
    const [oldest] = this.hearings;
    if (oldest === undefined || this.isRecent(oldest[1].lastHeardMs, nowMs)) return false;
    return this.hearings.delete(oldest[0]);
  }
}
