import { endpointAnnouncedV1 } from '@muster/contracts';
import { ConfigError, loadConfig } from '@muster/service';
import { advertiseConfig } from './advertise.config.js';
import type { GatewayPlace } from './candidates.js';
import { candidatesOf } from './candidates.js';

const configOf = (env: Readonly<Record<string, string>>) => loadConfig(advertiseConfig, env).config;

const candidates = (env: Readonly<Record<string, string>>, place: Partial<Omit<GatewayPlace, 'config'>> = {}) =>
  candidatesOf({ config: configOf(env), port: 8080, speaksTls: false, onLoopback: false, ownNames: ['host-1.corp.example', 'host-1.lab.example'], ...place });

const faultOf = (env: Readonly<Record<string, string>>): string => {
  try {
    configOf(env);
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
};

describe('what a gateway may announce', () => {
  it('is what MUSTER_ADVERTISE says, wherever it listens, at its own port unless another is named', () => {
    const facts = { target: 'host-1.corp.example', scheme: 'http', sites: [], domains: null, priority: 0, weight: 10 };
    const onLoopback = { onLoopback: true };
    expect(candidates({ MUSTER_ADVERTISE: 'Host-1.Corp.Example.' }, onLoopback)).toEqual({ kind: 'configured', endpoints: [{ ...facts, endpoint: 'host-1.corp.example:8080', port: 8080 }] });
    expect(candidates({ MUSTER_ADVERTISE: 'host-1.corp.example:443' }, onLoopback)).toEqual({ kind: 'configured', endpoints: [{ ...facts, endpoint: 'host-1.corp.example:443', port: 443 }] });
  });

  it('has sites, domains, priority and weight as they are set', () => {
    const env = { MUSTER_ADVERTISE: 'a.corp.example', MUSTER_ADVERTISE_SITES: 'berlin, Munich', MUSTER_ADVERTISE_DOMAINS: 'corp.example', MUSTER_ADVERTISE_PRIORITY: '5', MUSTER_ADVERTISE_WEIGHT: '0' };
    const found = candidates(env);
    expect(found).toMatchObject({ endpoints: [{ sites: ['berlin', 'munich'], domains: ['corp.example'], priority: 5, weight: 0 }] });
    if (found.kind !== 'none') for (const facts of found.endpoints) expect(endpointAnnouncedV1.parse(facts)).toEqual(facts);
  });

  it('speaks https when it does itself, or when a proxy in front of it does', () => {
    const env = { MUSTER_ADVERTISE: 'a.corp.example' };
    expect(candidates(env, { speaksTls: true })).toMatchObject({ endpoints: [{ scheme: 'https' }] });
    expect(candidates({ ...env, MUSTER_ADVERTISE_SCHEME: 'https' })).toMatchObject({ endpoints: [{ scheme: 'https' }] });
  });

  it('is one of the names of the machine when nothing is set, and it can be reached from elsewhere', () => {
    expect(candidates({})).toMatchObject({ kind: 'detected', endpoints: [{ endpoint: 'host-1.corp.example:8080' }, { endpoint: 'host-1.lab.example:8080' }] });
    expect(candidates({}, { onLoopback: true })).toMatchObject({ kind: 'none', why: expect.stringContaining('this machine alone') as unknown });
    expect(candidates({}, { ownNames: [] })).toMatchObject({ kind: 'none', why: expect.stringContaining('no name with a domain') as unknown });
    expect(candidates({ MUSTER_ADVERTISE: 'none' })).toMatchObject({ kind: 'none' });
  });

  it.each(['host-1', '10.0.0.7', '10.0.0.7:443', 'a.corp.example:0', 'a.corp.example:65536', 'a.corp.example:http', 'https://a.corp.example', 'a b.corp.example', '[::1]:443', '_a.corp.example', '.'])(
    'cannot be "%s": clients find it by name',
    (advertise) => {
      expect(faultOf({ MUSTER_ADVERTISE: advertise })).toContain('MUSTER_ADVERTISE: must be a host name with its domain');
    },
  );

  it('says what else of the configuration is not usable', () => {
    expect(faultOf({ MUSTER_ADVERTISE_SITES: 'ber.lin' })).toContain('must be sites');
    expect(faultOf({ MUSTER_ADVERTISE_DOMAINS: 'corp..example' })).toContain('must be domains');
    for (const number of ['-1', '65536', '1.5', 'first']) expect(faultOf({ MUSTER_ADVERTISE_PRIORITY: number, MUSTER_ADVERTISE_WEIGHT: number })).toMatch(/PRIORITY: must be[^]*WEIGHT: must be/);
    expect(faultOf({ MUSTER_ADVERTISE_SCHEME: 'ftp' })).toContain('must be http or https');
  });

  it('is looked up at the resolvers that are named', () => {
    const named = ['10.0.0.53', '127.0.0.1:5353', '[::1]:5353', '2001:db8::53'];
    expect(configOf({ MUSTER_DNS_RESOLVERS: named.join(', ') }).dnsResolvers).toEqual(named);
    for (const wrong of ['dns.corp.example', '10.0.0.53:0', '10.0.0.53:65536', '[10.0.0.53]:53', '[::1]:x']) expect(faultOf({ MUSTER_DNS_RESOLVERS: wrong })).toContain('MUSTER_DNS_RESOLVERS: must be');
  });
});
