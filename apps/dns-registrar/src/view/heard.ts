import type { EndpointBeat } from '@muster/contracts';
import type { Hearing } from '@muster/domain';
import { SECOND_MS } from '@muster/kernel';

/** Far beyond any host; what is silent for longest makes room. */
const ENDPOINTS_MAX = 1000;

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
    const instances = new Map([...(known?.instances ?? [])].filter(([, { heardMs }]) => nowMs - heardMs <= this.silentAfterSeconds * SECOND_MS));
    // Two behind one address that differ must not take turns in the ledger: the one that appeared last is right, for it was configured last.
    const isNewest = !instances.has(instance) || [...instances.keys()].at(-1) === instance;
    instances.set(instance, { heardMs: nowMs, stopping });
    this.hearings.delete(facts.endpoint);
    this.hearings.set(facts.endpoint, { lastHeardMs: nowMs, facts: isNewest || known === undefined ? facts : known.facts, instances });
    const [oldest] = this.hearings.keys();
    if (this.hearings.size > ENDPOINTS_MAX && oldest !== undefined) this.hearings.delete(oldest);
  }
}
