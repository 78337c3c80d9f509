import { setInterval as every } from 'node:timers/promises';
import { migrate } from '@muster/event-store';
import { MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import type { HostDatabase } from './start-database.js';
import type { HostJournal } from './host-journal.js';

/** At the fastest rate ever measured four spare partitions last a quarter of an hour. */
export const MIGRATE_EVERY_SECONDS = 5 * MINUTE_SECONDS;

export const LEDGER = 'main';

const migrateOnce = ({ migrationUrl, serviceRole }: HostDatabase, ledger: string) => migrate({ url: migrationUrl, ledgers: [ledger], serviceRole });

/** Migrates now, and again every five minutes until the function that it answers is called. */
export const keepMigrated = async (database: HostDatabase, journal: HostJournal, ledger = LEDGER): Promise<() => Promise<void>> => {
  const { applied } = await migrateOnce(database, ledger);
  journal.step(applied.length === 0 ? 'The database is up to date' : 'The database is migrated');
  const stopping = new AbortController();
  const keep = async (): Promise<void> => {
    try {
      for await (const _ of every(MIGRATE_EVERY_SECONDS * SECOND_MS, undefined, { ref: false, signal: stopping.signal })) {
        await migrateOnce(database, ledger).catch((error: unknown) => journal.warn(`partitions could not be made ahead: ${String(error)}; trying again in five minutes`));
      }
    } catch {
      // Aborted: the host stops.
    }
  };
  const keeping = keep();
  return async () => {
    stopping.abort();
    await keeping;
  };
};
