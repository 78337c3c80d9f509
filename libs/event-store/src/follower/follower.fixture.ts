import { seededDraws } from '@muster/testing';
import type { EventStore, ReplayQuery } from '../event-store.port.js';
import type { Fleet } from './fleet.fixture.js';
import { fleetFold, intercepted, LEDGER } from './fleet.fixture.js';
import type { FollowerOptions } from './follower.js';
import { createFollower } from './follower.js';
import type { Follower } from './follower.types.js';

export const WITHIN_MS = 5_000;
/** So long that a test which needs a poll would time out: what it sees came by broadcast or by asking. */
export const NEVER_MS = 3_600_000;

const running: Follower<Fleet>[] = [];

export const followerOf = (store: EventStore, options: Partial<FollowerOptions<Fleet>> = {}): Follower<Fleet> => {
  const follower = createFollower({ store, ledger: LEDGER, fold: fleetFold, pollIntervalMs: NEVER_MS, draws: seededDraws(1), ...options });
  running.push(follower);
  return follower;
};

export const replays = (store: EventStore, into: ReplayQuery[]): EventStore =>
  intercepted(store, {
    replay: (query, onRow) => {
      into.push(query);
      return store.replay(query, onRow);
    },
  });

export const stopFollowers = async (): Promise<void> => {
  await Promise.all(running.splice(0).map((follower) => follower.stop()));
};
