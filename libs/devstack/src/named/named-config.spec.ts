import { namedConfig, zoneFile } from './named-config.js';

const config = (zones: Parameters<typeof namedConfig>[0]['zones']): string => namedConfig({ dir: '/somewhere', port: 5399, keyFiles: ['/somewhere/registrar.key'], zones, ipv6: false });

describe('the configuration of named', () => {
  it('listens on loopback only, and takes orders from nobody', () => {
    expect(config([])).toContain('listen-on port 5399 { 127.0.0.1; };');
    expect(config([])).toContain('listen-on-v6 port 5399 { };');
    expect(config([])).toContain('controls { };');
  });

  it('lets nobody update a zone without a policy', () => {
    expect(config([{ name: 'corp.test', updatePolicy: [] }])).not.toContain('update-policy');
  });

  it('refuses what could break out of a value', () => {
    expect(() => config([{ name: 'corp.test', updatePolicy: ['grant a; grant b'] }])).toThrow('cannot stand');
    expect(() => config([{ name: '../corp"', updatePolicy: [] }])).toThrow('cannot be quoted');
  });

  it('starts a zone with what it is given', () => {
    expect(zoneFile({ name: 'corp.test', updatePolicy: [], records: ['host-1 A 192.0.2.1'], negativeTtlSeconds: 30 })).toBe(
      '$TTL 300\n$ORIGIN corp.test.\n@ SOA ns.corp.test. hostmaster.corp.test. 1 3600 600 86400 30\n@ NS ns\nns A 127.0.0.1\nhost-1 A 192.0.2.1\n',
    );
  });
});
