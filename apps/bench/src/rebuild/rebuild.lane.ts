import type { Lane } from '../measure/lane.js';
import { startBenchHost } from '../stack/bench-host.js';
import type { BenchServer } from '../stack/bench-server.js';
import { findPostgresPrograms } from '../stack/postgres-programs.js';
import { copyOut } from './copy-out.js';
import { fillLedger } from './fill-ledger.js';
import { replay } from './replay.js';

const COPY = 'psql COPY, whole events, to /dev/null';
const REBUILD = 'muster, counts from the first event';

/** So often is it said how far the ledger is filled. */
const PROGRESS_STEPS = 5;

const progressEvery = (events: number, say: (line: string) => void): ((position: number) => void) => {
  let said = 0;
  return (position) => {
    const step = Math.floor((position / events) * PROGRESS_STEPS);
    if (step > said) say(`  ${position.toLocaleString('en')} events`);
    said = step;
  };
};

/** A running host rebuilds its counts, against the least that reading the ledger costs. */
export const openRebuildLane = async (server: BenchServer, wanted: number): Promise<Lane> => {
  const { psql } = await findPostgresPrograms(server.progress);
  const { url, drop } = await server.makeDatabase();
  const dataDir = server.makeDir('rebuild-host');
  server.progress('starting a host, which records its certificate …');
  const first = await startBenchHost(server, { dataDir, databaseUrl: url });
  await first.stop();
  server.progress(`filling its ledger with ${wanted.toLocaleString('en')} events …`);
  const events = await fillLedger({ url, events: wanted, onProgress: progressEvery(wanted, server.progress) });
  // As autovacuum would leave it soon; it must not begin in the middle of a round.
  await server.queryIn(url, 'vacuum (analyze) muster.events');
  await server.checkpoint();
  server.progress('starting the host again, which catches up …');
  const host = await startBenchHost(server, { dataDir, databaseUrl: url });
  return {
    name: 'rebuild',
    title: `rebuild of the counts, ${events.toLocaleString('en')} events`,
    unit: 'events',
    subjects: [
      { name: COPY, measure: () => copyOut(server, { psql, url, events }) },
      { name: REBUILD, measure: () => replay(host) },
    ],
    comparisons: [{ name: 'COPY seconds ÷ rebuild seconds', of: REBUILD, against: COPY, target: 1 }],
    notes: ['The rebuild is the product’s own (POST /v1/replays on a running host), and only counts when its result equals the live counts.'],
    close: async () => {
      await host.stop();
      await drop();
    },
  };
};
