import { demoStory } from './demo-story.js';

const requests = demoStory.flatMap((chapter) => chapter.requests);

describe('the story of the demonstration', () => {
  it('expects what a naive recount of it gives', () => {
    const counted = new Set<string>();
    for (const { hostname, virtual, product, expected } of requests) {
      if (!virtual) counted.add(hostname);
      expect({ hostname, ...expected }).toEqual({
        hostname,
        count: counted.size,
        threshold: product === 'acme.server' ? 5 : 25,
        outcome: counted.size >= expected.threshold ? 'granted' : 'deferred',
      });
    }
  });

  it('gives the first lease to the fifth machine, a server, and the first of a workstation to the twenty-fifth counted', () => {
    const granted = requests.filter(({ expected }) => expected.outcome === 'granted');
    expect(granted[0]).toMatchObject({ hostname: 'srv-01', expected: { count: 5 } });
    expect(granted.find(({ product }) => product === 'acme.workstation')).toMatchObject({ hostname: 'ws-24', expected: { count: 25 } });
  });

  it('leaves nobody without a lease', () => {
    const served = new Set(requests.filter(({ expected }) => expected.outcome === 'granted').map(({ hostname }) => hostname));
    expect(requests.filter(({ hostname }) => !served.has(hostname))).toEqual([]);
    expect(served.size).toBe(28);
  });
});
