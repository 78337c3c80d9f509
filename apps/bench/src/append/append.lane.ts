import type { Lane } from '../measure/lane.js';
import type { BenchServer } from '../stack/bench-server.js';
import { findPostgresPrograms } from '../stack/postgres-programs.js';
import { bodyBytes } from './domain-events.js';
import { EMMETT, emmettSubject } from './emmett.subject.js';
import { IN_FLIGHT } from './in-flight.js';
import { musterSubjects, ONE_EVENT, WHOLE_DECISION } from './muster.subject.js';
import { PGBENCH, pgbenchSubject } from './pgbench.subject.js';

/** Our writer against a plain INSERT and against another event store, on the same server, each in a fresh database after a checkpoint. */
export const openAppendLane = async (server: BenchServer): Promise<Lane> => {
  const programs = await findPostgresPrograms(server.progress);
  const bytes = bodyBytes();
  const muster = await musterSubjects(server);
  return {
    name: 'append',
    title: `append, ${IN_FLIGHT} in flight`,
    unit: 'events',
    subjects: [pgbenchSubject(server, programs, bytes), emmettSubject(server), ...muster],
    comparisons: [
      { name: 'muster ÷ pgbench', of: ONE_EVENT, against: PGBENCH, target: 1.5 },
      { name: 'muster ÷ Emmett', of: ONE_EVENT, against: EMMETT, target: 8 },
      { name: 'muster, whole decisions ÷ pgbench', of: WHOLE_DECISION, against: PGBENCH },
    ],
    notes: [
      `Bodies of ${bytes} bytes. Muster also hashes and chains every event, looks up and records its request id, and holds the head; pgbench inserts one row with two unique indexes.`,
      'Two events a decision: the request and its outcome by the product’s own rule, and the personal data beside them; latencies are of decisions.',
    ],
    close: async () => void (await Promise.all(muster.map((subject) => subject.close()))),
  };
};
