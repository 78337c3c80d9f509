import { parseReplicas } from './replicas.js';

describe('--replicas', () => {
  it.each([
    ['activation=2,counting=3', { activation: 2, 'lease-renewal': 1, counting: 3, 'dns-registrar': 1 }],
    ['counting=2', { activation: 1, 'lease-renewal': 1, counting: 2, 'dns-registrar': 1 }],
    ['activation=16,lease-renewal=2', { activation: 16, 'lease-renewal': 2, counting: 1, 'dns-registrar': 1 }],
    ['dns-registrar=2', { activation: 1, 'lease-renewal': 1, counting: 1, 'dns-registrar': 2 }],
  ])('%s', (text, replicas) => expect(parseReplicas(text)).toEqual(replicas));

  it('a host does without a registrar where nothing is to stand in DNS', () => {
    expect(parseReplicas('dns-registrar=0')).toEqual({ activation: 1, 'lease-renewal': 1, counting: 1, 'dns-registrar': 0 });
  });

  it.each(['', 'activation', 'activation=0', 'counting=0', 'activation=17', 'dns-registrar=17', 'dns-registrar=', 'dns-registrar=-0', 'activation=-1', 'activation=2.5', 'gateway=2', 'toString=1', 'activation=2,'])('refuses "%s"', (text) => {
    expect(() => parseReplicas(text)).toThrow(/is not activation=N, lease-renewal=N, counting=N or dns-registrar=N/);
  });
});
