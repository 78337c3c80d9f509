import { ledgerAppendedSchema, subjects } from '@muster/contracts';
import type { EnrolmentState } from '@muster/domain';
import { applyEnrolmentEvent, emptyEnrolment, enrolmentEventTypes, restoreEnrolment, storeEnrolment } from '@muster/domain';
import type { EventStore, FollowedFold, Follower } from '@muster/event-store';
import { createFollower } from '@muster/event-store';
import { BUS, type Bus, type BusSubscription } from '@muster/messaging';
import { CONFIG } from '@muster/service';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { ActivationConfig } from '../activation.config.js';
import { EVENT_STORE } from './tokens.js';

const deserialize = (bytes: Uint8Array): EnrolmentState =>
  restoreEnrolment(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as ReturnType<typeof storeEnrolment>);

export const enrolmentFold: FollowedFold<EnrolmentState> = {
  name: 'enrolment',
  wholeTypes: enrolmentEventTypes,
  initialState: emptyEnrolment,
  applyEvent: (state, { row, event }) => applyEnrolmentEvent(state, event, row.recordedAtMs),
  // Without them a restart would read every enrolment that ever was.
  snapshots: { version: 1, serialize: (state) => Buffer.from(JSON.stringify(storeEnrolment(state))), deserialize },
};

/** Follows who has enrolled, and by which tokens others may. It is stopped by whoever writes by it, after the last write. */
@Injectable()
export class EnrolmentFollower implements OnApplicationBootstrap {
  readonly follower: Follower<EnrolmentState>;
  private subscription: BusSubscription | undefined;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(CONFIG) { ledger }: ActivationConfig,
    @Inject(BUS) private readonly bus: Bus,
  ) {
    this.follower = createFollower({ store, ledger, fold: enrolmentFold });
  }

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(subjects.ledgerAppended, { schema: ledgerAppendedSchema, onMessage: (message) => this.follower.onAppended(message) });
    // Not awaited: services start in any order with their store.
    void this.follower.start();
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
    await this.follower.stop();
  }
}
