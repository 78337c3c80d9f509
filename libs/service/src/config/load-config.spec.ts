import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { commonConfig, databaseConfig } from './common-config.js';
import { ConfigError, loadConfig } from './load-config.js';
import { defineConfig, secret, setting } from './setting.js';

const definition = defineConfig({ ...commonConfig, ...databaseConfig, batch: setting('MUSTER_BATCH', z.coerce.number().int().positive().default(512)), token: secret('MUSTER_TOKEN') });
const complete = { MUSTER_HTTP_PORT: '8080', MUSTER_SERVICE_DATABASE_URL: 'postgres://u:p@h/db', MUSTER_TOKEN: 'tok' };

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(definition, env);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
};

describe('loadConfig', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'muster-config-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('reads what is set and takes the defaults for the rest', () => {
    expect(loadConfig(definition, complete).config).toEqual({
      httpAddress: '127.0.0.1',
      httpPort: 8080,
      natsUrl: 'nats://127.0.0.1:4222',
      natsPassword: undefined,
      logLevel: 'info',
      ledger: 'main',
      databaseUrl: 'postgres://u:p@h/db',
      batch: 512,
      token: 'tok',
      trustedProxies: [],
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig(definition, { ...complete, MUSTER_LEDGER: '', MUSTER_NATS_PASSWORD: '' }).config).toMatchObject({ ledger: 'main', natsPassword: undefined });
    expect(faultsOf({ ...complete, MUSTER_TOKEN: '' })).toEqual(['MUSTER_TOKEN: is not set']);
  });

  it('reads secrets from files, without the line end', () => {
    writeFileSync(join(dir, 'token'), 'from file\n');
    const { MUSTER_TOKEN: _, ...rest } = complete;
    expect(loadConfig(definition, { ...rest, MUSTER_TOKEN_FILE: join(dir, 'token') }).config.token).toBe('from file');
    expect(faultsOf({ ...rest, MUSTER_TOKEN_FILE: join(dir, 'missing') })).toEqual(['MUSTER_TOKEN_FILE: cannot be read (ENOENT)']);
    expect(faultsOf({ ...complete, MUSTER_TOKEN_FILE: join(dir, 'token') })).toEqual(['MUSTER_TOKEN: is set, and so is MUSTER_TOKEN_FILE; set one of them']);
  });

  it('names all faults at once, and no secret', () => {
    const faults = faultsOf({ MUSTER_HTTP_PORT: 'http', MUSTER_LOG_LEVEL: 'loud', MUSTER_SERVICE_DATABASE_URL: 'mysql://u:hunter2@h', MUSTER_LEDGER: 'Main!', MUSTER_BATCH: '0' });
    expect(faults).toEqual([
      'MUSTER_HTTP_PORT: must be a port',
      expect.stringMatching(/^MUSTER_LOG_LEVEL: /),
      'MUSTER_LEDGER: must be lower-case letters, digits, - and _',
      'MUSTER_SERVICE_DATABASE_URL: must be a postgres:// URL',
      expect.stringMatching(/^MUSTER_BATCH: /),
      'MUSTER_TOKEN: is not set',
    ]);
    expect(new ConfigError(faults).message).not.toContain('hunter2');
  });

  it('notices names that mean nothing', () => {
    const env = { ...complete, MUSTER_HTTP_PROT: '1', MUSTER_BATCH_FILE: 'x', MUSTER_NATS_PASSWORD_FILE: '', PATH: '/bin' };
    expect(loadConfig(definition, env).unknownVariables).toEqual(['MUSTER_HTTP_PROT', 'MUSTER_BATCH_FILE']);
  });
});
