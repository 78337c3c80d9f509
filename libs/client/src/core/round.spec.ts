import { seededDraws, TEST_START_MS } from '@muster/testing';
import { activated, busy, contact, DAY_MS, deferred, granted, HOST, OTHER_HOST, PRODUCT, refused, unreachable } from './core.fixture.js';
import type { MachineState } from './machine-state.js';
import { newMachineState } from './new-machine-state.js';
import { heard, joinRound, nextSend, outcomeOf, startRound } from './round.js';

const START = TEST_START_MS;
const chance = seededDraws('rounds');
const ask = (state: MachineState, nowMs: number, answers: Parameters<typeof contact>[1]['answers']) => contact(state, { nowMs, draws: chance, answers });

describe('a round over the hosts', () => {
  it('asks the remembered host first, and the others without a pause when it gives no outcome', () => {
    const nowMs = START + 7 * DAY_MS;
    const { state, asked } = ask(activated(), nowMs, { [OTHER_HOST]: granted(nowMs), [HOST]: unreachable });
    expect(asked).toEqual([HOST, OTHER_HOST]);
    expect(state.lastContact).toMatchObject({ host: OTHER_HOST, outcome: 'granted' });
  });

  it('ends with the first outcome: a second host would count the machine too', () => {
    expect(ask(activated(), START + 7 * DAY_MS, { [HOST]: deferred(START), [OTHER_HOST]: granted(START) }).asked).toEqual([HOST]);
  });

  it('goes on when the host itself is what is wrong', () => {
    for (const code of ['host-retired', 'product-not-covered', 'unknown-product', 'wrong-host', 'enrolment-not-valid']) {
      expect(ask(activated(), START + 7 * DAY_MS, { [HOST]: refused(code), [OTHER_HOST]: deferred(START) }).asked).toEqual([HOST, OTHER_HOST]);
    }
    expect(ask(activated(), START + 7 * DAY_MS, { [HOST]: refused('lease-released'), [OTHER_HOST]: granted(START) }).asked).toEqual([HOST]);
  });

  it('leaves the outcome open when one host was busy and another refused', () => {
    const { state } = ask(activated(), START + 7 * DAY_MS, { [HOST]: busy(2), [OTHER_HOST]: refused('unknown-product') });
    expect(state).toMatchObject({ lastContact: { outcome: 'busy' }, wish: { kind: 'renewal' } });
  });

  it('without any host reaches nobody', () => {
    expect(ask(newMachineState(PRODUCT), START, {}).state).toMatchObject({ lastContact: { outcome: 'unreachable', host: null }, failing: { rounds: 1 } });
  });

  it('spreads machines without a remembered host evenly', () => {
    const hosts = ['a', 'b', 'c', 'd'];
    const first = new Map<string, number>();
    for (let machine = 0; machine < 4000; machine += 1) {
      const [host = ''] = startRound(newMachineState(PRODUCT), { hosts, nowMs: START, draws: chance }).left;
      first.set(host, (first.get(host) ?? 0) + 1);
    }
    for (const host of hosts) expect(Math.abs((first.get(host) ?? 0) - 1000)).toBeLessThan(150);
  });
});

describe('a round over hosts in an order', () => {
  const begun = () => startRound(activated(), { hosts: ['c', HOST, 'b', 'a', 'b'], ordered: true, nowMs: START, draws: chance });

  it('keeps to it, after the remembered host', () => expect(begun().left).toEqual([HOST, 'c', 'b', 'a']));

  it('goes on with hosts that are found when those before gave no outcome, and not after one that did', () => {
    const failed = begun().left.reduce((round, host) => heard(round, host, unreachable), begun());
    expect([failed.over, nextSend(failed)]).toEqual([false, undefined]);
    const joined = joinRound(failed, ['e', 'd', 'e']);
    expect(joined.left).toEqual(['e', 'd']);
    const over = heard(joined, 'e', granted(START));
    expect([over.over, nextSend(over), nextSend(joinRound(over, ['f'])), outcomeOf(over).host]).toEqual([true, undefined, undefined, 'e']);
    expect(outcomeOf(over).failed).toHaveLength(4);
  });

  it('says why there was nobody', () => {
    expect(outcomeOf(startRound(activated(), { hosts: [], nowMs: START, draws: chance }), 'DNS does not answer').reply).toMatchObject({ type: 'unreachable', detail: 'DNS does not answer' });
  });
});

describe('the remembered host', () => {
  const away = { [HOST]: unreachable, [OTHER_HOST]: granted(START) };

  it('stays remembered while another one stands in, and is forgotten after failing for half the lease', () => {
    let state = activated();
    expect(state.host).toEqual({ remembered: HOST, failingSinceMs: null });
    const failsFromMs = START + 7 * DAY_MS;
    for (let day = 7; day < 97; day += 7) {
      const nowMs = START + day * DAY_MS;
      const round = ask(state, nowMs, { ...away, [OTHER_HOST]: granted(nowMs) });
      state = round.state;
      expect(round.asked[0]).toBe(HOST);
      expect(state.host).toEqual({ remembered: HOST, failingSinceMs: failsFromMs });
    }
    const nowMs = failsFromMs + 90 * DAY_MS;
    state = ask(state, nowMs, { ...away, [OTHER_HOST]: granted(nowMs) }).state;
    expect(state.host).toEqual({ remembered: OTHER_HOST, failingSinceMs: null });
    expect(ask(state, nowMs + 7 * DAY_MS, { ...away, [OTHER_HOST]: granted(nowMs + 7 * DAY_MS) }).asked).toEqual([OTHER_HOST]);
  });

  it('that answers again has never failed', () => {
    const failed = ask(activated(), START + 7 * DAY_MS, away).state;
    const nowMs = START + 14 * DAY_MS;
    expect(ask(failed, nowMs, { ...away, [HOST]: granted(nowMs) }).state.host).toEqual({ remembered: HOST, failingSinceMs: null });
  });
});
