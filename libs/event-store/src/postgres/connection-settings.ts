import type { ClientConfig } from 'pg';

/** A server on the same network answers in milliseconds; one that does not within a second is away. */
export const CONNECT_TIMEOUT_MS = 1_000;

/** The server gives a short statement up by itself: a known outcome, and a bound on how late an abandoned one can commit. */
export const STATEMENT_TIMEOUT_MS = 1_200;

/** Longer than the server's own bound, so that this one only speaks when server or network do not. */
export const QUERY_TIMEOUT_MS = 1_500;

/** For COPY of a bounded range and for snapshots of large folds. */
export const BULK_STATEMENT_TIMEOUT_MS = 60_000;

/** A COPY that brings nothing for so long has lost its server. */
export const COPY_STALL_MS_MAX = 5_000;

/**
 * The server finds a client that vanished with its machine after about nine seconds, and lets go of its turn;
 * it stops a waiting statement whose client is gone after one.
 */
const SERVER_SIDE = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2 -c client_connection_check_interval=1s';

/**
 * The statements are few, prepared by name, and look rows up by key: planned once, and never as a scan or a hash over a whole
 * table, which looks cheap while a new partition is empty and is still in the plan when it is full.
 */
const BY_KEY = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** Each chunk is planned anew, and compiling its plan would take longer than it saves. */
const NO_JIT = '-c jit=off';

export interface ConnectionOptions {
  readonly url: string;
  readonly applicationName: string;
}

const common = ({ url, applicationName }: ConnectionOptions): ClientConfig => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
});

/** For short statements: appends, turns, look-ups, reads. */
export const shortStatements = (options: ConnectionOptions): ClientConfig => ({
  ...common(options),
  statement_timeout: STATEMENT_TIMEOUT_MS,
  query_timeout: QUERY_TIMEOUT_MS,
  options: `${SERVER_SIDE} ${BY_KEY}`,
});

/** For statements that move much. The driver's own timeout does not know when a COPY ended: each use brings its own. */
export const bulkStatements = (options: ConnectionOptions): ClientConfig => ({
  ...common(options),
  statement_timeout: BULK_STATEMENT_TIMEOUT_MS,
  options: `${SERVER_SIDE} ${NO_JIT}`,
});
