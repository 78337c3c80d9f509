import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { TEST_START_MS as NOW_MS } from '@muster/testing';
import { cachedHost, discoveryStateSchema, foundAgeSeconds, keepFound, keepGood, lastGood, noDiscovery, QUARANTINE_SECONDS, quarantine, quarantineOf } from './discovery-state.js';
import type { FoundHost } from './found-host.js';

const found = (target: string): FoundHost => ({ host: `https://${target}`, target, port: 443, scheme: 'https', addresses: ['192.0.2.1'] });
const [A, B] = [found('a.corp.example'), found('b.corp.example')];
const NAMES = ['_muster._tcp.corp.example'];
const kept = (state = noDiscovery, hosts = [A, B]) => keepFound(state, { names: NAMES, hosts, nowMs: NOW_MS });
const served = keepGood(kept(), A.host);
const after = (seconds: number): number => NOW_MS + seconds * SECOND_MS;
const cached = (nowMs: number, remembered: string | null = null, state = served, names = NAMES) => cachedHost(state, { remembered, names, nowMs });

describe('the host that served last', () => {
  it('is asked without a look at DNS for 7 days since DNS named it, and its age is known', () => {
    expect(cached(after(7 * DAY_SECONDS))).toEqual({ host: A, ageSeconds: 7 * DAY_SECONDS });
    expect(cached(after(7 * DAY_SECONDS + 1))).toBeUndefined();
    expect(foundAgeSeconds(served, after(90))).toBe(90);
  });

  it('is not when the clock was set back, when nobody served, when DNS did not name it, or when the machine looks elsewhere now', () => {
    expect([cached(NOW_MS - 1), cached(NOW_MS, null, noDiscovery), cached(NOW_MS, null, kept(served, [B]))]).toEqual([undefined, undefined, undefined]);
    expect(cached(NOW_MS, null, served, ['_muster._tcp.other.example'])).toBeUndefined();
  });

  it('does not stand before the one that the machine keeps to, which DNS may still name', () => {
    expect(cached(NOW_MS, A.host)?.host).toEqual(A);
    expect(cached(NOW_MS, B.host)).toBeUndefined();
  });

  it('is not forgotten while DNS names others who do not serve', () => {
    const poisoned = kept(kept(served, [B]), [found('c.corp.example')]);
    expect([lastGood(poisoned, NAMES), lastGood(poisoned, ['_muster._tcp.other.example'])]).toEqual([A, undefined]);
    expect(discoveryStateSchema.parse(JSON.parse(JSON.stringify(poisoned)))).toEqual(poisoned);
    expect(lastGood(keepGood(kept(served, [B]), B.host), NAMES)).toEqual(B);
    expect(kept(poisoned, [A]).last).toBeNull();
  });

  it('is the same state when it serves again: nothing to write', () => expect(keepGood(served, A.host)).toBe(served));
});

describe('a host that did not prove itself', () => {
  const state = quarantine(served, { ...A, why: 'its proof is not believed' }, NOW_MS);

  it('is left alone for 10 minutes, with the reason, and is not the good one any more', () => {
    expect(quarantineOf(state, A, after(QUARANTINE_SECONDS - 1))).toMatchObject({ why: 'its proof is not believed' });
    expect(quarantineOf(state, A, after(QUARANTINE_SECONDS))).toBeUndefined();
    expect([quarantineOf(state, B, NOW_MS), state.good]).toEqual([undefined, null]);
  });

  it('is left alone where it stood: the same name elsewhere, or before, is not', () => {
    const moved = { ...A, addresses: ['192.0.2.2'] };
    expect(quarantineOf(state, moved, NOW_MS)).toBeUndefined();
    expect(quarantine(served, { ...moved, why: 'forged' }, NOW_MS).good).toBe(A.host);
  });

  it('is not left alone for ever by a clock set back', () => expect(quarantineOf(state, A, NOW_MS - 1)).toBeUndefined());

  it('is kept once, among so many as fit', () => {
    let many = state;
    for (let one = 0; one < 150; one += 1) many = quarantine(many, { ...found(`h${one}`), why: 'x'.repeat(5000) }, NOW_MS);
    many = quarantine(many, { ...found('h149'), why: 'again' }, NOW_MS);
    expect([many.quarantined.length, many.quarantined.filter(({ host }) => host === 'https://h149').length]).toEqual([100, 1]);
    expect(discoveryStateSchema.parse(JSON.parse(JSON.stringify(many)))).toEqual(many);
  });
});
