import { leasesDue } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { isProblem, systemDraws } from '@muster/kernel';
import { CLOCK, LOG, type Log, METRICS, type Metrics, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseView } from '../view/lease-view.fold.js';
import { LEASE_FOLLOWER, LEASE_WRITER } from '../wiring/tokens.js';
import type { LeaseWriter } from '../writer/lease-writer.js';

/** Looking costs nothing while nothing is due. In real time, whatever clock says what is due. */
const SCAN_INTERVAL_MS = 1000;

/**
 * Sees to it that the end of every lease is recorded. It has at most one command under way, which takes the room that renewals leave in a commit, so a
 * hundred thousand ends at once stand in nobody's way. Replicas may all scan: the one rule records each end once.
 */
@Injectable()
export class ExpiryScanner implements OnApplicationBootstrap {
  private readonly stopping = new AbortController();
  private scanning: Promise<void> | undefined;

  constructor(
    @Inject(LEASE_FOLLOWER) private readonly follower: Follower<LeaseView>,
    @Inject(LEASE_WRITER) private readonly writer: LeaseWriter,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.scanning = this.scan();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.scanning;
  }

  private async scan(): Promise<void> {
    const expired = this.metrics.counter({ name: 'muster_leases_expired_total', help: 'Ends of leases that this process recorded' });
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        while (!signal.aborted && this.isAnyDue()) expired.inc(await this.writer.expireDue());
      } catch (error) {
        this.log.warn(isProblem(error) ? { kind: error.kind, detail: error.detail } : { err: error }, 'ends of leases could not be recorded; trying again');
      }
      // Replicas do not scan in step.
      await pause(SCAN_INTERVAL_MS * (0.5 + 0.5 * systemDraws.unit()), undefined, { signal }).catch(() => undefined);
    }
  }

  private isAnyDue(): boolean {
    return this.follower.status.reachedHead && leasesDue(this.follower.state.leases, this.clock.nowMs(), 1).length > 0;
  }
}
