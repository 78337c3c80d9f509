import { parseReplicas } from './replicas.js';

describe('--replicas', () => {
  it.each([
    ['activation=2,counting=3', { activation: 2, 'lease-renewal': 1, counting: 3 }],
    ['counting=2', { activation: 1, 'lease-renewal': 1, counting: 2 }],
    ['activation=16,lease-renewal=2', { activation: 16, 'lease-renewal': 2, counting: 1 }],
  ])('%s', (text, replicas) => expect(parseReplicas(text)).toEqual(replicas));

  it.each(['', 'activation', 'activation=0', 'activation=17', 'activation=-1', 'activation=2.5', 'gateway=2', 'activation=2,'])('refuses "%s"', (text) => {
    expect(() => parseReplicas(text)).toThrow(/is not activation=N, lease-renewal=N or counting=N/);
  });
});
