import type { LedgerAppended } from '@muster/contracts';
import { ledgerAppendedSchema, subjects } from '@muster/contracts';
import type { Bus } from '../bus/bus.js';

/** Of a `Follower` from @muster/event-store, what its process and the bus do with it. */
export interface WokenFollower {
  readonly start: () => Promise<void>;
  readonly onAppended: (message: LedgerAppended) => void;
  readonly stop: () => Promise<void>;
}

/** The followers of a process while it runs. */
export interface LedgerFollowing {
  /** After the last write that is decided by one of them, and before the store closes. */
  readonly stop: () => Promise<void>;
}

/** Follows from the start of a process on: broadcasts wake the followers, the store is the truth. */
export const followLedger = (bus: Pick<Bus, 'subscribe'>, followers: readonly WokenFollower[]): LedgerFollowing => {
  const subscription = bus.subscribe(subjects.ledgerAppended, {
    schema: ledgerAppendedSchema,
    onMessage: (message) => {
      for (const follower of followers) follower.onAppended(message);
    },
  });
  // Not awaited: a service starts in any order with its store, and says on /readyz how far it is.
  for (const follower of followers) void follower.start();
  return {
    stop: async () => {
      await subscription.close();
      await Promise.all(followers.map((follower) => follower.stop()));
    },
  };
};

/** Tells what this process appended: its own followers at once, those of others over the bus. */
export const broadcastAppended = (message: LedgerAppended, { bus, followers }: { readonly bus: Pick<Bus, 'publish'>; readonly followers: readonly Pick<WokenFollower, 'onAppended'>[] }): void => {
  for (const follower of followers) follower.onAppended(message);
  bus.publish(subjects.ledgerAppended, message);
};
