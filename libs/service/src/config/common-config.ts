import { z } from 'zod';
import { clockConfig } from '../clock/clock-config.js';
import { tlsConfig } from '../http/tls.config.js';
import { type ConfigOf, defineConfig, secret, setting } from './setting.js';

const PORT_MAX = 65_535;

export const port = z.coerce.number('must be a port').int('must be a port').min(0).max(PORT_MAX, 'must be a port');

/** What a service is told whether it is on the bus or not. */
export const processConfig = defineConfig({
  ...clockConfig,
  httpAddress: setting('MUSTER_HTTP_ADDRESS', z.string().default('127.0.0.1')),
  httpPort: setting('MUSTER_HTTP_PORT', port),
  ...tlsConfig,
  logLevel: setting('MUSTER_LOG_LEVEL', z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')),
  ledger: setting('MUSTER_LEDGER', z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, - and _').default('main')),
});

/** What every service of a host is told. */
export const commonConfig = defineConfig({
  ...processConfig,
  /** One URL, or several of a cluster separated by commas. */
  natsUrl: setting('MUSTER_NATS_URL', z.string().default('nats://127.0.0.1:4222')),
  /** Without one, the service connects as nobody in particular; with one, as the user of its name. */
  natsPassword: secret('MUSTER_NATS_PASSWORD', z.string().optional()),
});

/** What every service that reads or writes the ledger is told. The URL holds a password, so it is a secret. */
export const databaseConfig = defineConfig({
  databaseUrl: secret('MUSTER_SERVICE_DATABASE_URL', z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL')),
});

export type ProcessConfig = ConfigOf<typeof processConfig>;
export type CommonConfig = ConfigOf<typeof commonConfig>;
export type DatabaseConfig = ConfigOf<typeof databaseConfig>;
