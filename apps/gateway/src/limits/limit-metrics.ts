import type { Metrics } from '@muster/service';
import { METRICS } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Share } from './admission-shares.js';

type Limit = 'address' | 'machine' | 'lane' | 'in-flight';

/** What was turned away and why, and how full everything is that has a bound. */
@Injectable()
export class LimitMetrics {
  private readonly turned;

  constructor(@Inject(METRICS) private readonly metrics: Metrics) {
    this.turned = metrics.counter({ name: 'muster_requests_turned_away_total', help: 'Requests that a limit turned away.', labelNames: ['limit'] });
  }

  turnedAway(limit: Limit): void {
    this.turned.inc({ limit });
  }

  showAddresses(size: () => number): void {
    this.metrics.gauge({ name: 'muster_limited_addresses', help: 'Addresses that are counted.', collect: (gauge) => gauge.set(size()) });
  }

  showMachines(size: () => number): void {
    this.metrics.gauge({ name: 'muster_limited_machines', help: 'Machines that are counted.', collect: (gauge) => gauge.set(size()) });
  }

  showLane(size: () => number): void {
    this.metrics.gauge({ name: 'muster_repeat_look_ups', help: 'Requests beyond a limit that are, or wait to be, looked up as repeats.', collect: (gauge) => gauge.set(size()) });
  }

  showUnderWay(underWay: (share: Share) => number): void {
    this.metrics.gauge({
      name: 'muster_requests_under_way',
      help: 'Signed requests that were let in and are not answered yet.',
      labelNames: ['share'],
      collect: (gauge) => {
        for (const share of ['held', 'new'] as const) gauge.set({ share }, underWay(share));
      },
    });
  }
}
