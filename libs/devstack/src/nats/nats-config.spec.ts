import { natsConfig, type NatsUser } from './nats-config.js';

const user = (overrides: Partial<NatsUser> = {}): NatsUser => ({
  name: 'counting',
  password: 'secret',
  publish: { allow: ['muster.v1.ledger.appended'] },
  subscribe: { allow: ['muster.v1.counting.>'] },
  allowResponses: false,
  ...overrides,
});

describe('the NATS configuration', () => {
  it('listens on loopback only', () => {
    expect(natsConfig({ port: 4321, serverName: 'muster', users: [] })).toContain('listen: "127.0.0.1:4321"');
  });

  it('asks nobody for a password when there are no users', () => {
    expect(natsConfig({ port: 4321, serverName: 'muster', users: [] })).not.toContain('authorization');
  });

  it('says an empty list of subjects as a denial, because nats-server takes it for everything', () => {
    const config = natsConfig({ port: 4321, serverName: 'muster', users: [user({ publish: { allow: [] } })] });
    expect(config).toContain('publish: { deny: [">"] }');
  });

  it('refuses what could break out of a quoted value', () => {
    for (const password of ['a"b', 'a\\b', 'a\nb']) {
      expect(() => natsConfig({ port: 4321, serverName: 'muster', users: [user({ password })] })).toThrow(/printable ASCII/);
    }
  });
});
