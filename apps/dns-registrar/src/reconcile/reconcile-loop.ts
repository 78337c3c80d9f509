import { setTimeout as pause } from 'node:timers/promises';
import type { Draws } from '@muster/kernel';
import { isProblem, SECOND_MS } from '@muster/kernel';
import type { Log } from '@muster/service';
import type { News } from '../wiring/news.js';
import type { DomainReconciler } from './domain-reconciler.js';

/** What happens together is one change in DNS. */
const DEBOUNCE_MS = 50;
/** How often orphans are looked for: hourly, of seven days. One is reported before it goes, and a registrar that is started anew each day must come that far. */
const SCAVENGES_PER_WINDOW = 168;
/** Replicas do not ask in step. */
const JITTER_SHARE = 0.2;
/** How soon a replaced key file is noticed. */
const LOOK_AT_KEY_MS = SECOND_MS;
/** Whatever happens, no server is asked more often than that without news. */
const REST_MS_MIN = 250;
/** Before the next try when it was the ledger that could not be read or written. */
const RETRY_MS = SECOND_MS;

export interface LoopParts {
  readonly news: News;
  readonly draws: Draws;
  readonly log: Log;
  readonly reconcileSeconds: number;
  readonly windowSeconds: number;
}

/** Keeps one domain as it should be: after each event, every so often without one, and when a server that failed may be asked again. */
export class ReconcileLoop {
  private readonly stopping = new AbortController();
  private looping: Promise<void> | undefined;
  private waking = new AbortController();
  private news = true;
  private scavengedMs = performance.now();

  constructor(
    private readonly reconciler: DomainReconciler,
    private readonly parts: LoopParts,
  ) {}

  start(): void {
    const forget = this.parts.news.listen(() => this.wake());
    this.looping = this.loop().finally(forget);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.reconciler.zone.stop();
    this.waking.abort();
    await this.looping;
  }

  private wake(): void {
    this.news = true;
    this.waking.abort();
  }

  private async loop(): Promise<void> {
    const { zone } = this.reconciler;
    while (zone.dynamic && !this.stopping.signal.aborted) {
      // What happens from here on is for the next round.
      this.waking = new AbortController();
      const insist = this.news;
      this.news = false;
      const waitMs = await this.round(insist);
      if (this.stopping.signal.aborted) return;
      await this.restUntilNews(waitMs);
    }
  }

  /** Answers how long nothing is to be done. */
  private async round(insist: boolean): Promise<number> {
    const { log, draws, reconcileSeconds, windowSeconds } = this.parts;
    try {
      await this.reconciler.reconcile({ insist });
      if (performance.now() - this.scavengedMs > (windowSeconds * SECOND_MS) / SCAVENGES_PER_WINDOW) {
        this.scavengedMs = performance.now();
        await this.reconciler.scavenge('regular');
      }
      await this.reconciler.zone.probe();
      const regularMs = reconcileSeconds * SECOND_MS * (1 - JITTER_SHARE * draws.unit());
      return Math.min(regularMs, Math.max(REST_MS_MIN, this.reconciler.zone.retryInMs ?? regularMs));
    } catch (error) {
      const { domain } = this.reconciler.domain.policy;
      // An empty ledger is no trouble: there is nothing to list, and its first event is news.
      if (isProblem(error, 'host-not-activated')) log.debug({ domain }, error.detail);
      else log.warn({ domain, ...(isProblem(error) ? { kind: error.kind, detail: error.detail } : { err: error }) }, 'DNS could not be compared with the ledger; trying again');
      return RETRY_MS;
    }
  }

  private async restUntilNews(ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    const { signal } = this.waking;
    while (!signal.aborted && performance.now() < untilMs) {
      await pause(Math.min(LOOK_AT_KEY_MS, Math.max(1, untilMs - performance.now())), undefined, { signal }).catch(() => undefined);
      if (await this.reconciler.zone.keyReplaced()) return;
    }
    if (signal.aborted) await pause(DEBOUNCE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
