import { isProblem, Problem } from '@muster/kernel';
import pg from 'pg';

/**
 * What a failed statement tells about its effects.
 *
 * `nothing`: the server refused it, nothing was written. `unknown`: the connection failed around it; it may have been committed, or still be.
 */
export type Effect = 'nothing' | 'unknown';

/** Connection exceptions and the server's going down: the last words of a connection, perhaps after a commit. */
const LOST = /^(08|57P0[1-5])/;

/** Retrying helps: resources, locks, timeouts, cancellation, a standby or a start-up, serialisation. */
const PASSING = /^(08|53|55|57|40|58|25006)/;

const NO_PARTITION = '23514';
const UNIQUE = '23505';
const NO_SUCH_TABLE = '42P01';
const NO_SUCH_SCHEMA = '3F000';
const NOT_ALLOWED = '42501';
const AUTHENTICATION = /^28/;

const codeOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

export const effectOf = (error: unknown): Effect => {
  const code = codeOf(error);
  return code === undefined || LOST.test(code) ? 'unknown' : 'nothing';
};

/** How `pg` and `pg-pool` word a connection that failed, where there is no system error to tell it by. */
const DRIVER_SAYS = /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool|There was an error establishing)/;

const isConnectionFault = (error: unknown): boolean => error instanceof Error && ('syscall' in error || error instanceof AggregateError || DRIVER_SAYS.test(error.message));

const CUT_OFF = /^(Connection terminated|Client has encountered a connection error)/;
const CUT_OFF_CODES = ['57P01', 'ECONNRESET', 'EPIPE'];

/** The connection ended under a statement, at once and not after a wait: another one may be in order. */
export const isCutOff = (error: unknown): boolean =>
  error instanceof Error && ('code' in error ? CUT_OFF_CODES.includes(String(error.code)) : CUT_OFF.test(error.message));

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
};

const detailOf = (error: unknown): string | undefined => {
  const code = codeOf(error);
  const said = messageOf(error);
  if (code === undefined) return isConnectionFault(error) ? `the database cannot be reached: ${said}` : undefined;
  if (code === NO_PARTITION && said.startsWith('no partition')) return `the database has no partition for what is to be stored: run the migration (${said})`;
  if (code === NO_SUCH_TABLE || code === NO_SUCH_SCHEMA) return `the database is not prepared: run the migration (${said})`;
  if (AUTHENTICATION.test(code) || code === NOT_ALLOWED) return `the database does not admit this service: ${said}`;
  // The head keeps this from happening: rows and head do not belong together, as after half a restore. Nothing was written.
  if (code === UNIQUE) return `the database holds rows beyond its head: ${said}`;
  return PASSING.test(code) ? `the database cannot answer now: ${said}` : undefined;
};

/**
 * A driver's error as what the port promises: `Problem('unavailable')` where trying again later can help.
 * Anything else is a fault of ours and stays what it is.
 */
export const translated = (error: unknown): unknown => {
  if (isProblem(error)) return error;
  const detail = detailOf(error);
  return detail === undefined ? error : new Problem('unavailable', detail, { cause: error });
};
