import type { DnsDescription, DnsFailureReport } from '@muster/contracts';
import type { ServerAddress } from '@muster/dns-wire';
import { formatServerAddress } from '@muster/dns-wire';
import type { Clock, Draws } from '@muster/kernel';
import { MINUTE_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';

const BACK_OFF_MS_MIN = SECOND_MS;
/** A server that is back is noticed within minutes, and one that is gone costs next to nothing. */
const BACK_OFF_MS_MAX = 5 * MINUTE_SECONDS * SECOND_MS;
/** Replicas do not come back in step. */
const JITTER_SHARE = 0.5;

export type ServerState = DnsDescription['domains'][number]['servers'][number];

/** What is known of one server of a zone: whether it did what it was asked, and when it is asked again. */
export class ServerStanding {
  readonly name: string;
  private lastSuccessMs: number | undefined;
  private clockAheadSeconds: number | undefined;
  private failure: DnsFailureReport | undefined;
  private failuresInARow = 0;
  /** By the monotonic clock: a step of the wall clock must not silence a server. */
  private retryMs = 0;

  constructor(
    readonly address: ServerAddress,
    private readonly parts: { readonly clock: Clock; readonly draws: Draws },
  ) {
    this.name = formatServerAddress(address);
  }

  /** How long it is still left alone; 0: it may be asked. */
  get restMs(): number {
    return Math.max(0, this.retryMs - performance.now());
  }

  get failing(): DnsFailureReport | undefined {
    return this.failure;
  }

  /** Answers whether that is news. */
  succeeded(): boolean {
    const news = this.failure !== undefined || this.lastSuccessMs === undefined;
    this.lastSuccessMs = this.parts.clock.nowMs();
    this.forgive();
    this.failure = undefined;
    return news;
  }

  /** Two clocks at one moment: more than five minutes apart, nothing that is signed counts. */
  clocksRead({ serverMs, ownMs }: { readonly serverMs: number; readonly ownMs: number }): void {
    this.clockAheadSeconds = Math.round((ownMs - serverMs) / SECOND_MS);
  }

  /** Answers whether that is news. */
  failed(failure: DnsFailureReport): boolean {
    const news = this.failure?.kind !== failure.kind;
    this.failure = failure;
    const backOffMs = Math.min(BACK_OFF_MS_MIN * 2 ** this.failuresInARow, BACK_OFF_MS_MAX);
    this.failuresInARow += 1;
    this.retryMs = performance.now() + backOffMs * (1 - JITTER_SHARE * this.parts.draws.unit());
    return news;
  }

  /** It is asked again at once: something changed that may have been the reason. */
  forgive(): void {
    this.failuresInARow = 0;
    this.retryMs = 0;
  }

  describe(): ServerState {
    const { failure, lastSuccessMs, clockAheadSeconds = null } = this;
    const standing = failure !== undefined ? 'failing' : lastSuccessMs === undefined ? 'not-asked' : 'up';
    return {
      ...{ server: this.name, standing, failure: failure ?? null },
      lastSuccessAt: lastSuccessMs === undefined ? null : toInstant(lastSuccessMs),
      clockAheadSeconds,
      retryAt: failure === undefined ? null : toInstant(this.parts.clock.nowMs() + this.restMs),
    };
  }
}
