import { Inject, Injectable } from '@nestjs/common';
import type { Metrics } from '../metrics/metrics.js';
import { METRICS } from '../tokens.js';

/** What was turned away and why, and how full everything is that has a bound. */
@Injectable()
export class LimitMetrics {
  private readonly turned;

  constructor(@Inject(METRICS) private readonly metrics: Metrics) {
    this.turned = metrics.counter({ name: 'muster_requests_turned_away_total', help: 'Requests that a limit turned away.', labelNames: ['limit'] });
  }

  turnedAway(limit: string): void {
    this.turned.inc({ limit });
  }

  /** Shows how full something is whenever somebody looks. */
  show({ name, help }: { readonly name: string; readonly help: string }, size: () => number): void {
    this.metrics.gauge({ name, help, collect: (gauge) => gauge.set(size()) });
  }

  /** The same, for the shares of something. */
  showShares<Share extends string>({ name, help, shares }: { readonly name: string; readonly help: string; readonly shares: readonly Share[] }, size: (share: Share) => number): void {
    this.metrics.gauge({
      name,
      help,
      labelNames: ['share'],
      collect: (gauge) => {
        for (const share of shares) gauge.set({ share }, size(share));
      },
    });
  }
}
