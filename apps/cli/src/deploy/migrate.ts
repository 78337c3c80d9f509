import { setTimeout as delay } from 'node:timers/promises';
import { assertDurable, NotDurableError } from '@muster/devstack';
import type { MigrateOptions, MigrationReport } from '@muster/event-store';
import { migrate } from '@muster/event-store';
import { SECOND_MS } from '@muster/kernel';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { LEDGER } from '../host/run/keep-migrated.js';
import { readSetting, SERVICE_ROLE } from '../host/run/start-database.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';

export interface MigrateCommandOptions {
  readonly ledger?: string;
  /** Keep running and migrate again every so many seconds, so that partitions stay ahead. */
  readonly every?: number;
}

const optionsFromEnv = (ledger: string): MigrateOptions => {
  const url = readSetting('MUSTER_DATABASE_URL');
  if (url === undefined) throw new CliFailure('usage', 'Which database? MUSTER_DATABASE_URL or MUSTER_DATABASE_URL_FILE is not set.');
  const password = readSetting('MUSTER_SERVICE_DATABASE_PASSWORD');
  return { url, ledgers: [ledger], ...(password === undefined ? {} : { serviceRole: { name: SERVICE_ROLE, password } }) };
};

const migrateOnce = async (options: MigrateOptions): Promise<MigrationReport> => {
  try {
    await assertDurable(options.url);
    return await migrate(options);
  } catch (error) {
    if (error instanceof NotDurableError) throw new CliFailure('conflict', `${error.message}.`, { cause: error });
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (/^(ECONN|ETIMEDOUT|ENOTFOUND|EHOST|EAI)/.test(code)) throw new CliFailure('unreachable', `The database does not answer: ${code}.`, { cause: error });
    throw error;
  }
};

const say = ({ applied, partitionsMade, partitionsDropped }: MigrationReport, terminal: Terminal): void => {
  if (terminal.json) terminal.data(JSON.stringify({ applied, partitionsMade, partitionsDropped }));
  else terminal.data(`${applied.length === 0 ? 'Up to date' : `Applied ${applied.join(', ')}`}; ${counted(partitionsMade, 'partition')} made, ${partitionsDropped} dropped.`);
};

/** Brings the database to the present shape, as the role that owns it. */
export const migrateDatabase = async ({ ledger = LEDGER, every }: MigrateCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const options = optionsFromEnv(ledger);
  say(await migrateOnce(options), terminal);
  if (every === undefined) return exitCodes.ok;
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  while (!stopping.signal.aborted) {
    await delay(every * SECOND_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) break;
    // A database that is away for a while is no reason to give the partitions up.
    await migrateOnce(options).then(
      (report) => say(report, terminal),
      (error: unknown) => terminal.note(`Not migrated: ${error instanceof Error ? error.message : String(error)}. Trying again in ${every} s.`),
    );
  }
  return exitCodes.ok;
};
