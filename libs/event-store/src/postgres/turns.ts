import { createHash } from 'node:crypto';
import pg from 'pg';
import type { WriteLine } from './write-connection.js';
import { translated } from './pg-errors.js';

const LOCK_NOT_AVAILABLE = '55P03';

/** The session-level advisory lock of a ledger's turn. */
export const turnLockKey = (ledger: string): string => createHash('sha256').update(`muster.turn:${ledger}`).digest().readBigInt64BE().toString();

// One statement for both cases: a free turn costs one small round trip, a taken one waits in the server's own queue, in order.
const TAKE = `select set_config('lock_timeout', $2, true), pg_advisory_lock($1)`;
const GIVE_BACK = 'select pg_advisory_unlock($1)';

const isTimeout = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;

/**
 * Takes the turn, or gives up after `waitMsMax` and returns all the same.
 *
 * The server frees the turn of a session that ended; one that is frozen is simply not waited for.
 * @throws Problem `unavailable` when the store cannot be reached
 */
export const takeTurn = async (line: WriteLine, ledger: string, waitMsMax: number): Promise<() => Promise<void>> => {
  const key = turnLockKey(ledger);
  const connection = await line.connection();
  try {
    // 0 would mean to wait for ever.
    await connection.query({ name: 'muster-take-turn', text: TAKE, values: [key, `${Math.max(1, Math.floor(waitMsMax))}ms`] });
  } catch (error) {
    if (isTimeout(error)) return () => Promise.resolve();
    throw translated(error);
  }
  return async () => {
    try {
      await connection.query({ name: 'muster-give-back-turn', text: GIVE_BACK, values: [key] });
    } catch {
      // The session's end is the other way to give a turn back.
      connection.destroy();
    }
  };
};
