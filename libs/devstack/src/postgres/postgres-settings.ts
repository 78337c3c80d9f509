/** PostgreSQL settings by name, as in `postgresql.conf`. */
export type PostgresSettings = Readonly<Record<string, string>>;

/** Fixed: everything that Muster promises about recorded decisions rests on them. */
const DURABILITY: PostgresSettings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

const DEFAULTS: PostgresSettings = {
  shared_buffers: '128MB', // the ledger's hot end and its indexes; old events are read once, in sequence
  max_connections: '200', // every service times its replicas times a small pool, and tests that run beside each other
  max_wal_size: '4GB', // a load of inserts is not interrupted by a checkpoint every few seconds
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  jit: 'off', // short statements: compiling them costs more than it saves
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] %q%u@%d ',
  shared_memory_type: 'mmap',
};

/**
 * The server's settings as command-line arguments, where neither `ALTER SYSTEM` nor an edited file overrides them.
 * Listens on 127.0.0.1 only, with no Unix socket; durability cannot be turned off.
 */
export function settingsAsArguments(port: number, settings: PostgresSettings = {}): readonly string[] {
  const network: PostgresSettings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  return Object.entries({ ...DEFAULTS, ...settings, ...network, ...DURABILITY }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
