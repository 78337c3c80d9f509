import type { EndpointBeat } from '@muster/contracts';
import { Heard } from './heard.js';

const ONE = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';
const SILENT_AFTER_SECONDS = 30;

const setUp = () => {
  let nowMs = 1000;
  const heard = new Heard(SILENT_AFTER_SECONDS, () => nowMs);
  const beat = (more: Partial<EndpointBeat> = {}): void =>
    heard.hear({ endpoint: 'a.corp.test:443', target: 'a.corp.test', port: 443, scheme: 'https', sites: [], domains: null, priority: 0, weight: 10, instance: ONE, stopping: false, ...more });
  return {
    heard,
    beat,
    hearing: () => heard.byEndpoint.get('a.corp.test:443'),
    after: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
};

describe('what was heard', () => {
  it('is the last beat of each endpoint, and who of its instances stops', () => {
    const { beat, hearing, after } = setUp();
    beat();
    after(10);
    beat({ instance: OTHER });
    beat({ stopping: true });
    expect(hearing()).toMatchObject({ lastHeardMs: 11_000 });
    expect(hearing()?.instances).toEqual(
      new Map([
        [ONE, { heardMs: 11_000, stopping: true }],
        [OTHER, { heardMs: 11_000, stopping: false }],
      ]),
    );
  });

  it.each([
    [ONE, OTHER],
    [OTHER, ONE],
  ])('does not take turns between two instances that say different things, in whatever order it hears them: %s, %s', (...order) => {
    const { beat, hearing, after } = setUp();
    const weights = new Map([[ONE, 1], [OTHER, 2]]);
    for (const instance of [...order, ...order]) {
      after(1);
      beat({ instance, weight: weights.get(instance) ?? 0 });
    }
    expect(hearing()?.facts.weight).toBe(2);
    after(1);
    beat({ weight: 2, instance: OTHER, stopping: true });
    beat({ weight: 1 });
    expect(hearing()?.facts.weight).toBe(1);
    after(SILENT_AFTER_SECONDS + 1);
    beat({ weight: 3 });
    expect(hearing()?.facts.weight).toBe(3);
    expect(hearing()?.instances.size).toBe(1);
  });

  it('counts from anew when beats may have been missed', () => {
    const { heard, beat, after } = setUp();
    beat();
    after(60);
    expect(heard.startedMs).toBe(1000);
    heard.restart();
    expect(heard.startedMs).toBe(61_000);
  });

  const beats = ({ beat }: ReturnType<typeof setUp>, count: number): void => {
    for (let index = 0; index < count; index += 1) beat({ endpoint: `host-${index}.corp.test:443`, target: `host-${index}.corp.test` });
  };

  it('is bounded: what is silent makes room, and what is heard does not', () => {
    const world = setUp();
    beats(world, 1001);
    expect(world.heard.byEndpoint.size).toBe(1000);
    expect(world.heard.byEndpoint.has('host-0.corp.test:443')).toBe(true);
    expect(world.heard.byEndpoint.has('host-1000.corp.test:443')).toBe(false);
    world.after(SILENT_AFTER_SECONDS + 1);
    beats(world, 999);
    world.beat({ endpoint: 'host-1000.corp.test:443' });
    expect(world.heard.byEndpoint.size).toBe(1000);
    expect(world.heard.byEndpoint.has('host-1000.corp.test:443')).toBe(true);
    expect(world.heard.byEndpoint.has('host-999.corp.test:443')).toBe(false);
  });

  it('is bounded in the instances of one endpoint too', () => {
    const { beat, hearing } = setUp();
    for (let index = 0; index < 150; index += 1) beat({ instance: `018f0000-0000-7000-8000-${String(index).padStart(12, '0')}` });
    expect(hearing()?.instances.size).toBe(100);
  });
});
