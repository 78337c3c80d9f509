import type { Lane, Sample, Subject } from '../measure/lane.js';
import { meterCpu } from '../processes/cpu-meter.js';
import type { BenchHost } from '../stack/bench-host.js';
import { startBenchHost } from '../stack/bench-host.js';
import type { BenchServer } from '../stack/bench-server.js';
import { measureCryptoLimit } from './limit/crypto-limit.js';
import type { LoadClient } from './load/load-client.js';
import { startLoad } from './load/load-client.js';

/** The figure of the other lane, and twice that: whether more work in flight makes the batches pay. */
const LEVELS = [32, 64];

/** The signed parts of a request and of a lease with its chain, in bytes: what the two operations hash. */
const MESSAGES = { requestBytes: 400, leaseBytes: 2400 };

const LIMIT = 'Ed25519 verify + sign, all cores';

const levelName = (inFlight: number): string => `muster over HTTP, ${inFlight} in flight`;

/** Decisions a second that requests are signed for before anything is known; more than this has to be seen first. */
const FIRST_GUESS_PER_SECOND = 2000;

/** Rounds differ; a load that runs out of requests ends early, which is measured correctly and only wastes time. */
const MARGIN = 1.5;

const httpSubject = (server: BenchServer, { host, load, inFlight }: { readonly host: BenchHost; readonly load: LoadClient; readonly inFlight: number }): Subject => {
  let expectedPerSecond = FIRST_GUESS_PER_SECOND;
  return {
    name: levelName(inFlight),
    measure: async (seconds): Promise<Sample> => {
      await load.sign(host.url, Math.ceil(expectedPerSecond * seconds * MARGIN));
      await server.checkpoint();
      const cpu = meterCpu(host.pids);
      const report = await load.run({ url: host.url, inFlight, seconds });
      const spent = { ...cpu(), load: report.cpuMicros };
      expectedPerSecond = report.decisions / report.seconds;
      const cpuMicros = Object.fromEntries(Object.entries(spent).map(([part, micros]) => [part, micros / report.decisions]));
      return { count: report.decisions, seconds: report.seconds, p50Ms: report.p50Ms, p99Ms: report.p99Ms, cpuMicros };
    },
  };
};

/** Signed, durable decisions through a whole host, against the cryptography alone. */
export const openHttpLane = async (server: BenchServer): Promise<Lane> => {
  const database = await server.makeDatabase();
  server.progress('starting a host …');
  const host = await startBenchHost(server, { dataDir: server.makeDir('http-host'), databaseUrl: database.url });
  const load = startLoad(server.stoppables);
  const limit: Subject = { name: LIMIT, measure: (seconds) => measureCryptoLimit({ ...MESSAGES, seconds }) };
  return {
    name: 'http',
    title: 'signed, durable decisions over HTTP',
    unit: 'decisions',
    subjects: [limit, ...LEVELS.map((inFlight) => httpSubject(server, { host, load, inFlight }))],
    comparisons: LEVELS.map((inFlight) => ({ name: `${inFlight} in flight ÷ limit`, of: levelName(inFlight), against: LIMIT, target: 0.25 })),
    notes: [
      'Every request is of a new machine with a key of its own, signed beforehand, one at a time on a keep-alive connection; every answer is checked: status, signature there, and no count missing or doubled.',
      'Load, gateway, activation, counting, NATS and PostgreSQL share the cores. The limit has keys at hand and nothing else to do.',
    ],
    close: async () => {
      await load.stop();
      await host.stop();
      await database.drop();
    },
  };
};
