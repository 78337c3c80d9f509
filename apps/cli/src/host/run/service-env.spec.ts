import { serviceEnv, type ServiceSettings } from './service-env.js';

const settings: ServiceSettings = {
  ledger: 'main',
  natsUrl: 'nats://127.0.0.1:4222',
  natsPassword: (kind) => `${kind}-password`,
  databaseUrl: 'postgres://muster_service:secret@127.0.0.1:5432/postgres',
  identity: { rootFile: '/v/root', hostKeyFile: '/v/key', hostCertificateFile: '/v/certificate' },
  operatorTokenHash: 'hash',
  edge: { address: '127.0.0.1' },
};

const env = {
  PATH: '/bin',
  PGPASSWORD: 'mine',
  MUSTER_DATABASE_URL: 'postgres://owner:secret@db/muster',
  MUSTER_OPERATOR_TOKEN: 'secret',
  MUSTER_MACHINE_DIR: '/m',
  MUSTER_LOG_LEVEL: 'debug',
  MUSTER_SNAPSHOT_EVERY_EVENTS: '1000',
};

describe("a service's environment", () => {
  it('of the gateway holds the hash of the operator token, and no way to the database', () => {
    expect(serviceEnv({ kind: 'gateway', port: 6878, settings, env })).toEqual({
      PATH: '/bin',
      MUSTER_LOG_LEVEL: 'debug',
      MUSTER_HTTP_ADDRESS: '127.0.0.1',
      MUSTER_HTTP_PORT: '6878',
      MUSTER_NATS_URL: 'nats://127.0.0.1:4222',
      MUSTER_NATS_PASSWORD: 'gateway-password',
      MUSTER_LEDGER: 'main',
      MUSTER_OPERATOR_TOKEN_HASH: 'hash',
      MUSTER_ADDRESS_REQUESTS_PER_SECOND: '0',
      MUSTER_MACHINE_REQUESTS_PER_SECOND: '0',
    });
  });

  it('of a gateway that is reached from elsewhere has its certificate, and the limits that it has by itself', () => {
    const edge = { address: '0.0.0.0', tls: { certificateFile: '/c', keyFile: '/k', fingerprint: 'AA' } };
    const gateway = serviceEnv({ kind: 'gateway', port: 1, settings: { ...settings, edge }, env });
    expect(gateway).toMatchObject({ MUSTER_HTTP_ADDRESS: '0.0.0.0', MUSTER_TLS_CERTIFICATE_FILE: '/c', MUSTER_TLS_KEY_FILE: '/k' });
    expect(Object.keys(gateway)).not.toContain('MUSTER_ADDRESS_REQUESTS_PER_SECOND');
    expect(serviceEnv({ kind: 'counting', port: 2, settings: { ...settings, edge }, env })).toMatchObject({ MUSTER_HTTP_ADDRESS: '127.0.0.1' });
  });

  it('keeps the limits that somebody set, also on loopback', () => {
    expect(serviceEnv({ kind: 'gateway', port: 1, settings, env: { ...env, MUSTER_ADDRESS_REQUESTS_PER_SECOND: '7' } })).toMatchObject({ MUSTER_ADDRESS_REQUESTS_PER_SECOND: '7', MUSTER_MACHINE_REQUESTS_PER_SECOND: '0' });
  });

  it('gives the host key to the services that sign leases, and tuning to whom it means something', () => {
    const activation = serviceEnv({ kind: 'activation', port: 1, settings, env });
    const renewal = serviceEnv({ kind: 'lease-renewal', port: 3, settings, env });
    const counting = serviceEnv({ kind: 'counting', port: 2, settings, env });
    expect(renewal).toMatchObject({ MUSTER_HOST_KEY_FILE: '/v/key', MUSTER_SNAPSHOT_EVERY_EVENTS: '1000', MUSTER_NATS_PASSWORD: 'lease-renewal-password' });
    expect(activation).toMatchObject({ MUSTER_HOST_KEY_FILE: '/v/key', MUSTER_SERVICE_DATABASE_URL: settings.databaseUrl });
    expect(activation).not.toHaveProperty('MUSTER_SNAPSHOT_EVERY_EVENTS');
    expect(counting).toMatchObject({ MUSTER_SNAPSHOT_EVERY_EVENTS: '1000', MUSTER_NATS_PASSWORD: 'counting-password' });
    expect(counting).not.toHaveProperty('MUSTER_HOST_KEY_FILE');
    expect(activation).toHaveProperty('MUSTER_HOST_CERTIFICATE_FILE', '/v/certificate');
    const awaiting = serviceEnv({ kind: 'activation', port: 1, settings: { ...settings, identity: { ...settings.identity, hostCertificateFile: undefined } }, env });
    expect(awaiting).not.toHaveProperty('MUSTER_HOST_CERTIFICATE_FILE');
  });

  it('of the registrar holds what it is told of DNS, and no key of the host', () => {
    const dns = { MUSTER_DNS_DOMAINS: 'corp.example', MUSTER_DNS_SERVERS: '192.0.2.53:53', MUSTER_DNS_KEY_FILE: '/etc/muster/dns.key', MUSTER_DNS_RECONCILE_SECONDS: '60' };
    const advertise = { MUSTER_ADVERTISE: 'a.corp.example:443', MUSTER_ADVERTISE_SITES: 'berlin' };
    const both = { MUSTER_DNS_RESOLVERS: '192.0.2.53:53' };
    const told = { ...env, ...dns, ...advertise, ...both };
    const registrar = serviceEnv({ kind: 'dns-registrar', port: 4, settings, env: told });
    expect(registrar).toMatchObject({ ...dns, ...both, MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_SERVICE_DATABASE_URL: settings.databaseUrl, MUSTER_NATS_PASSWORD: 'dns-registrar-password' });
    for (const name of ['MUSTER_HOST_KEY_FILE', 'MUSTER_OPERATOR_TOKEN_HASH', ...Object.keys(advertise)]) expect(registrar).not.toHaveProperty(name);
    const gateway = serviceEnv({ kind: 'gateway', port: 1, settings, env: told });
    expect(gateway).toMatchObject({ ...advertise, ...both });
    for (const name of Object.keys(dns)) expect(gateway).not.toHaveProperty(name);
  });

  it('tells every service of a controlled clock, and of the environment that may refuse it', () => {
    const told = { MUSTER_CONTROLLED_CLOCK_FILE: '/data/clock.json', MUSTER_ENVIRONMENT: 'production' };
    const controlled = { kind: 'gateway', port: 1, settings: { ...settings, clockFile: '/data/clock.json' }, env: { ...env, MUSTER_ENVIRONMENT: 'production' } } as const;
    expect(serviceEnv(controlled)).toMatchObject(told);
    expect(serviceEnv({ ...controlled, kind: 'counting' })).toMatchObject(told);
    expect(serviceEnv({ ...controlled, settings, env: { ...env, MUSTER_CONTROLLED_CLOCK_FILE: '/elsewhere' } })).not.toHaveProperty('MUSTER_CONTROLLED_CLOCK_FILE');
  });

  it('has no NATS password where the server is somebody else\'s', () => {
    expect(serviceEnv({ kind: 'gateway', port: 1, settings: { ...settings, natsPassword: () => undefined }, env })).not.toHaveProperty('MUSTER_NATS_PASSWORD');
  });
});
