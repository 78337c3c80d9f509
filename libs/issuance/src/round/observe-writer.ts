import type { WriterObserver, WriterStatus } from '@muster/event-store';
import { isProblem } from '@muster/kernel';
import type { Log, Metrics } from '@muster/service';

/** Batch sizes double: from a single request to a full batch. */
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const SECONDS_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The writer's queue, batches and times as metrics. */
export const observeWriter = ({ metrics, log }: { readonly metrics: Metrics; readonly log: Log }, status: () => WriterStatus): WriterObserver => {
  const batchCommands = metrics.histogram({ name: 'muster_writer_batch_commands', help: 'Commands decided and recorded together', buckets: BATCH_BUCKETS });
  const batchSeconds = metrics.histogram({ name: 'muster_writer_batch_seconds', help: 'Look-up to answer of a batch', buckets: SECONDS_BUCKETS });
  const appendSeconds = metrics.histogram({ name: 'muster_writer_append_seconds', help: 'The one statement and its commit', buckets: SECONDS_BUCKETS });
  const turnSeconds = metrics.histogram({ name: 'muster_writer_turn_seconds', help: 'Waited for a turn on the ledger', buckets: SECONDS_BUCKETS });
  const events = metrics.counter({ name: 'muster_writer_events_total', help: 'Events appended' });
  const moved = metrics.counter({ name: 'muster_writer_moved_total', help: 'Rounds read anew because somebody else appended' });
  const failures = metrics.counter({ name: 'muster_writer_failures_total', help: 'Batches that failed as a whole' });
  const turnedAway = metrics.counter({ name: 'muster_writer_turned_away_total', help: 'Commands refused before a batch took them', labelNames: ['why'] });
  metrics.gauge({ name: 'muster_writer_queue_commands', help: 'Commands waiting for a batch', collect: (gauge) => gauge.set(status().queued) });
  metrics.gauge({ name: 'muster_writer_outstanding_commands', help: 'Commands taken on and not answered yet', collect: (gauge) => gauge.set(status().outstanding) });
  return {
    onBatch: (figures) => {
      batchCommands.observe(figures.commands);
      batchSeconds.observe(figures.seconds);
      turnSeconds.observe(figures.turnSeconds);
      if (figures.events > 0) appendSeconds.observe(figures.appendSeconds);
      events.inc(figures.events);
    },
    onMoved: () => moved.inc(),
    onFailure: (error) => {
      failures.inc();
      if (isProblem(error)) log.warn({ kind: error.kind, detail: error.detail }, 'a batch failed');
      else log.error({ err: error }, 'a batch failed');
    },
    onTurnedAway: (why) => turnedAway.inc({ why }),
  };
};
