import { ownNames } from './own-names.js';

const none = { hostname: 'host-1', hosts: '', resolvConf: '' };

describe('the names that a machine may have', () => {
  it('are its own when that has a domain, whatever its files say', () => {
    expect(ownNames({ ...none, hostname: 'Host-1.Corp.Example.', resolvConf: 'search lab.example' })).toEqual(['host-1.corp.example']);
  });

  it('are the one in its hosts file first, then its own with each search domain', () => {
    const hosts = '127.0.0.1 localhost\n# 10.0.0.1 old.corp.example host-1\n127.0.1.1\thost-1.corp.example host-1 # ours\n::1 host-1.other.example host-1';
    const resolvConf = 'domain gone.example\nnameserver 10.0.0.53\nsearch lab.example corp.example. ; both\noptions edns0';
    expect(ownNames({ hostname: 'host-1', hosts, resolvConf })).toEqual(['host-1.corp.example', 'host-1.lab.example']);
  });

  it('are none when it has no domain, or a name that cannot stand in DNS', () => {
    expect(ownNames(none)).toEqual([]);
    expect(ownNames({ ...none, resolvConf: 'search .' })).toEqual([]);
    expect(ownNames({ ...none, hosts: '127.0.1.1 host-1' })).toEqual([]);
    expect(ownNames({ ...none, hostname: 'my_host', resolvConf: 'search corp.example' })).toEqual([]);
  });
});
