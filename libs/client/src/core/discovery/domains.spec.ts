import { DOMAINS_MAX, domainsToSearch, namesToSearch, ownDomains, parentsOf } from './domains.js';

describe('the domains to look in', () => {
  it('are those given, and those above them only when that is wanted, never fewer than two labels', () => {
    expect(domainsToSearch(['Berlin.eu.corp.example.', 'lab.corp.example'])).toEqual(['berlin.eu.corp.example', 'lab.corp.example']);
    expect(domainsToSearch(['berlin.eu.corp.example', 'lab.corp.example'], { searchParents: true })).toEqual([
      'berlin.eu.corp.example',
      'lab.corp.example',
      'eu.corp.example',
      'corp.example',
    ]);
    expect([parentsOf('corp.example'), parentsOf('example'), parentsOf('a.corp.example')]).toEqual([[], [], ['corp.example']]);
  });

  it('are names, and not more of them than anybody searches', () => {
    for (const wrong of ['', 'a..b', 'under_score.example', '*.example', 'a b']) expect(() => domainsToSearch([wrong])).toThrow('not the name of a domain');
    expect(domainsToSearch(Array.from({ length: 40 }, (_one, index) => `d${index}.example`))).toHaveLength(DOMAINS_MAX);
  });

  it.each([
    ['the name of the machine says', 'WS-01.Berlin.corp.example', 'search other.example\n', ['berlin.corp.example']],
    ['else its resolver searches', 'ws-01', 'nameserver 10.0.0.1\nsearch corp.example lab.example. corp.example\n', ['corp.example', 'lab.example']],
    ['the last line of it', 'ws-01', 'search first.example\n domain last.example\n# search none.example\n', ['last.example']],
    ['never one label, which is everybody’s', 'corp.example', 'search other.example\n', []],
    ['nor one that is searched', 'ws-01', 'search lan\n', []],
    ['none', 'ws-01', 'nameserver 10.0.0.1\n', []],
  ])('are else the machine’s own: %s', (_what, hostname, resolvConf, domains) => expect(ownDomains({ hostname, resolvConf })).toEqual(domains));

  it('are searched for the site in all of them first', () => {
    const domains = ['corp.example', 'lab.example'];
    const label = '_muster._tcp';
    expect(namesToSearch({ domains, site: 'berlin', label })).toEqual([
      '_muster._tcp.berlin._sites.corp.example',
      '_muster._tcp.berlin._sites.lab.example',
      '_muster._tcp.corp.example',
      '_muster._tcp.lab.example',
    ]);
    expect(namesToSearch({ domains, site: undefined, label })).toEqual(['_muster._tcp.corp.example', '_muster._tcp.lab.example']);
  });
});
