import type { Sample } from '../measure/lane.js';
import type { BenchServer } from '../stack/bench-server.js';
import type { PostgresPrograms } from '../stack/postgres-programs.js';
import { connectionEnv } from '../stack/postgres-programs.js';
import { runProgram } from '../stack/run-program.js';
import { LEDGER } from './fill-ledger.js';

/** psql's own clock, from sending the statement to its last row: starting the program is not what is compared. */
export const parseTiming = (output: string): number => {
  const ms = /^Time: ([\d.]+) ms/m.exec(output)?.[1];
  if (ms === undefined) throw new Error(`psql told no time: ${output}`);
  return Number(ms) / 1000;
};

/** `COPY` of every column of every event of the ledger, to nowhere. */
export const copyOut = async ({ stoppables }: BenchServer, { psql, url, events }: Pick<PostgresPrograms, 'psql'> & { readonly url: string; readonly events: number }): Promise<Sample> => {
  const copy = `copy (select * from muster.events where ledger = '${LEDGER}') to stdout (format binary)`;
  const output = await runProgram({
    command: psql.path,
    args: ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--output=/dev/null', '--command=\\timing on', `--command=${copy}`],
    env: { ...connectionEnv(url), ...psql.env },
    stoppables,
  });
  return { count: events, seconds: parseTiming(output) };
};
