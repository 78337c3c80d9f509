import type { EndpointBeat, EndpointFacts } from '@muster/contracts';
import { BEAT_SECONDS, endpointBeatSchema } from '@muster/contracts';
import { HOUR_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { seededDraws } from '@muster/testing';
import type { Announced } from './announcer.js';
import { instanceOf, startAnnouncer } from './announcer.js';
import type { TargetCheck } from './check-target.js';
import { testPauses } from './pauses.fixture.js';

const BEAT_MS = BEAT_SECONDS * SECOND_MS;
const MINUTE_MS = MINUTE_SECONDS * SECOND_MS;

const endpoint = (target: string): EndpointFacts => ({ endpoint: `${target}:443`, target, port: 443, scheme: 'https', sites: ['berlin'], domains: null, priority: 0, weight: 10 });
const [a, b] = [endpoint('a.corp.example'), endpoint('b.corp.example')] as const;

const right: TargetCheck = { status: 'right', addresses: ['192.0.2.1'] };
const wrong: TargetCheck = { status: 'wrong', why: 'it is an alias' };
const unanswered: TargetCheck = { status: 'unanswered', why: 'no resolver answers' };

const start = ({ endpoints = [a], seed = 'announcer', verdict = right }: { readonly endpoints?: readonly EndpointFacts[]; readonly seed?: string; readonly verdict?: TargetCheck } = {}) => {
  const { pause, advance, nowMs } = testPauses();
  const world = { verdicts: new Map<string, TargetCheck>([[a.target, verdict]]), ready: true, connected: true };
  const [sent, said, checkedAtMs]: [(EndpointBeat & { readonly atMs: number })[], Announced[], number[]] = [[], [], []];
  const announcer = startAnnouncer({
    endpoints,
    check: ({ target }) => {
      checkedAtMs.push(nowMs());
      return Promise.resolve(world.verdicts.get(target) ?? right);
    },
    isReady: () => Promise.resolve(world.ready),
    send: (beat) => {
      if (world.connected) sent.push({ ...beat, atMs: nowMs() });
      return world.connected;
    },
    say: (announced) => said.push(announced),
    draws: seededDraws(seed),
    startedMs: nowMs(),
    pause,
  });
  return { announcer, advance, world, sent, said, checkedAtMs };
};

describe('a gateway', () => {
  it('says where it is within a second of being ready, the whole of it each time', async () => {
    const { sent, advance, announcer } = start();
    await advance(SECOND_MS);
    expect(sent).toHaveLength(1);
    const [{ atMs: _, ...beat } = { atMs: 0 }] = sent;
    expect(endpointBeatSchema.parse(beat)).toEqual({ ...a, instance: expect.any(String) as unknown, stopping: false });
    await announcer.stop();
  });

  it('beats about every ten seconds, and not in step with others', async () => {
    const gaps = async (seed: string): Promise<readonly number[]> => {
      const { sent, advance, announcer } = start({ seed });
      await advance(HOUR_SECONDS * SECOND_MS);
      await announcer.stop();
      const beats = sent.filter(({ stopping }) => !stopping);
      return beats.slice(1).map(({ atMs }, index) => atMs - (beats[index]?.atMs ?? 0));
    };
    const [one, other] = await Promise.all([gaps('one'), gaps('other')]);
    for (const gap of [...one, ...other]) {
      expect(gap).toBeGreaterThanOrEqual(0.8 * BEAT_MS);
      expect(gap).toBeLessThanOrEqual(1.2 * BEAT_MS);
    }
    expect(one.length).toBeGreaterThan(300);
    expect(one.slice(0, 20)).not.toEqual(other.slice(0, 20));
  });

  it('says nothing while it is not ready or the bus is away, and goes on within a second', async () => {
    const { sent, world, advance, announcer } = start();
    world.ready = false;
    await advance(MINUTE_MS);
    expect(sent).toEqual([]);
    [world.ready, world.connected] = [true, false];
    await advance(MINUTE_MS);
    expect(sent).toEqual([]);
    world.connected = true;
    await advance(SECOND_MS);
    expect(sent).toHaveLength(1);
    await announcer.stop();
  });

  it('says that it stops, once, as the same instance', async () => {
    const { sent, advance, announcer } = start();
    await advance(MINUTE_MS);
    const before = sent.length;
    await announcer.stop();
    await advance(MINUTE_MS);
    expect(sent.slice(before)).toEqual([expect.objectContaining({ ...a, stopping: true, instance: sent[0]?.instance })]);
  });

  it('does not say that it stops when it never said that it is there', async () => {
    const { sent, world, advance, announcer } = start();
    world.ready = false;
    await advance(MINUTE_MS);
    await announcer.stop();
    expect(sent).toEqual([]);
  });
});

describe('its name', () => {
  it('is looked up every ten minutes', async () => {
    const { checkedAtMs, advance, announcer } = start();
    await advance(30 * MINUTE_MS);
    expect(checkedAtMs).toEqual([0, 10, 20, 30].map((minutes) => minutes * MINUTE_MS));
    await announcer.stop();
  });

  it('is not announced while it is wrong: told once, tried each minute, announced when it is mended', async () => {
    const { sent, said, world, checkedAtMs, advance, announcer } = start({ verdict: wrong });
    await advance(3 * MINUTE_MS);
    expect(checkedAtMs).toEqual([0, 1, 2, 3].map((minutes) => minutes * MINUTE_MS));
    expect([sent, said]).toEqual([[], [{ status: 'not-announced', why: 'it is an alias' }]]);
    world.verdicts.set(a.target, right);
    await advance(MINUTE_MS + SECOND_MS);
    expect(said.slice(1)).toEqual([{ status: 'announced', facts: a, doubt: null }]);
    expect(sent).toHaveLength(1);
    await announcer.stop();
  });

  it('is not announced any more once it turns out to be wrong, and still says that it stops', async () => {
    const { sent, world, advance, announcer } = start();
    await advance(SECOND_MS);
    world.verdicts.set(a.target, wrong);
    await advance(10 * MINUTE_MS);
    const before = sent.length;
    await advance(60 * MINUTE_MS);
    expect(sent).toHaveLength(before);
    await announcer.stop();
    expect(sent.slice(before)).toMatchObject([{ endpoint: a.endpoint, stopping: true }]);
  });

  it('that was right goes on while no resolver answers', async () => {
    const { sent, said, world, advance, announcer } = start();
    await advance(SECOND_MS);
    world.verdicts.set(a.target, unanswered);
    await advance(60 * MINUTE_MS);
    expect(said.slice(1)).toEqual([{ status: 'announced', facts: a, doubt: 'no resolver answers' }]);
    expect(sent.length).toBeGreaterThan(300);
    await announcer.stop();
  });

  it('that was never right does not begin while no resolver answers', async () => {
    const { sent, said, advance, announcer } = start({ verdict: unanswered });
    await advance(10 * MINUTE_MS);
    expect([sent, said]).toEqual([[], [{ status: 'not-announced', why: 'no resolver answers' }]]);
    await announcer.stop();
  });

  it('is the first of several that is right', async () => {
    const { sent, announcer, advance } = start({ endpoints: [a, b], verdict: wrong });
    await advance(MINUTE_MS);
    expect(new Set(sent.map(({ endpoint: id }) => id))).toEqual(new Set([b.endpoint]));
    expect(announcer.announced()).toMatchObject({ status: 'announced', facts: b });
    await announcer.stop();
  });
});

it('names the process so that of two the one that started last is the greater, and no two are equal', () => {
  const { uuid } = seededDraws('instances');
  const names = [0, 1, 255, 256, Date.UTC(2026, 0, 1), Date.UTC(2099, 0, 1)].map((startedMs) => instanceOf(startedMs, uuid()));
  expect([...names].sort()).toEqual(names);
  for (const instance of names) expect(endpointBeatSchema.parse({ ...a, instance, stopping: false }).instance).toBe(instance);
  expect(instanceOf(0, uuid())).not.toBe(instanceOf(0, uuid()));
});
