import type { EventStore, Follower } from '@muster/event-store';
import { createFollower } from '@muster/event-store';
import type { Log, Metrics } from '@muster/service';
import type { CountingConfig } from '../counting.config.js';
import type { CountingView } from './counting-view.fold.js';
import { countingViewFold } from './counting-view.fold.js';

interface FollowerParts {
  readonly store: EventStore;
  readonly config: CountingConfig;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Follows the whole ledger, and shows how far it is. */
export const createCountingFollower = ({ store, config, metrics, log }: FollowerParts): Follower<CountingView> => {
  const followed = metrics.counter({ name: 'muster_follower_broadcast_events_total', help: 'Events applied straight from a broadcast' });
  const caughtUp = metrics.counter({ name: 'muster_follower_store_events_total', help: 'Events read from the store: at start, over a gap, after a lost broadcast' });
  const follower = createFollower({
    store,
    ledger: config.ledger,
    fold: countingViewFold,
    snapshotEveryEvents: config.snapshotEveryEvents,
    observer: {
      onFollowed: (events) => followed.inc(events),
      onCaughtUp: ({ after, upTo, seconds }) => {
        caughtUp.inc(upTo - after);
        log.info({ after, upTo, seconds }, 'caught up from the store');
      },
      onFailure: (error, failuresInARow) => {
        if (failuresInARow === 1) log.warn({ err: error }, 'cannot catch up; trying again');
      },
      onLedgerReplaced: (found) => log.error(found, 'the ledger is shorter than what was followed; reading everything anew'),
      onSnapshotSaved: (position, bytes) => log.info({ position, bytes }, 'snapshot saved'),
      onSnapshotFailed: (error) => log.warn({ err: error }, 'snapshot failed; the next start reads more'),
    },
  });
  metrics.gauge({ name: 'muster_follower_position', help: 'Ledger position that the counts are as of', collect: (gauge) => gauge.set(follower.position) });
  metrics.gauge({ name: 'muster_follower_lag_events', help: 'Events known of and not applied yet', collect: (gauge) => gauge.set(follower.status.knownHead - follower.position) });
  return follower;
};
