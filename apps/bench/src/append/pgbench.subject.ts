import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subject } from '../measure/lane.js';
import type { BenchServer } from '../stack/bench-server.js';
import type { PostgresPrograms } from '../stack/postgres-programs.js';
import { connectionEnv } from '../stack/postgres-programs.js';
import { runProgram } from '../stack/run-program.js';
import { IN_FLIGHT } from './in-flight.js';
import { readPgbenchLog, sampleOf } from './pgbench-log.js';

export const PGBENCH = 'pgbench, single-row INSERT';

/** The least that an event store has to keep: a position, a request id that is unique, a body. */
const TABLE = `
create table events (
  position bigint generated always as identity primary key,
  request_id uuid not null unique,
  body text not null
)`;

const SCRIPT = 'insert into events (request_id, body) values (gen_random_uuid(), :body);\n';

/** As many as this machine's pgbench can use beside the server (C.3 of the reference measured with these). */
const THREADS = 2;

const LOG_PREFIX = 'latency';

export const pgbenchSubject = (server: BenchServer, { pgbench }: Pick<PostgresPrograms, 'pgbench'>, bodyBytes: number): Subject => ({
  name: PGBENCH,
  measure: (seconds) =>
    server.withFreshDatabase(async (url) => {
      const dir = server.makeDir('pgbench');
      const env = { ...connectionEnv(url), ...pgbench.env };
      const run = (command: string, args: readonly string[]): Promise<string> => runProgram({ command, args, env, cwd: dir, stoppables: server.stoppables });
      await server.queryIn(url, TABLE);
      await writeFile(join(dir, 'insert.sql'), SCRIPT);
      await server.checkpoint();
      await run(pgbench.path, [
        ...['--no-vacuum', '--protocol=prepared', `--client=${IN_FLIGHT}`, `--jobs=${THREADS}`],
        ...[`--time=${Math.ceil(seconds)}`, '--file=insert.sql', `--define=body=${'x'.repeat(bodyBytes)}`],
        ...['--log', `--log-prefix=${LOG_PREFIX}`],
      ]);
      const files = (await readdir(dir)).filter((name) => name.startsWith(LOG_PREFIX));
      const transactions = (await Promise.all(files.map((name) => readFile(join(dir, name), 'utf8')))).flatMap(readPgbenchLog);
      await rm(dir, { recursive: true });
      return sampleOf(transactions);
    }),
});
