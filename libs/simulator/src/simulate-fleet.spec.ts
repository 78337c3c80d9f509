import { countUnder, decideActivation, decideExpiries, decideRenewal, tally } from '@muster/domain';
import { evolve } from '@muster/client';
import type { SimulationOptions } from './index.js';
import { InvariantViolation, simulateFleet } from './index.js';
import { DAY_MS } from './simulation-time.js';

const small: SimulationOptions = { machines: 120, days: 40, seed: 1 };

/** Nobody is counted any more when it ends. */
const longerThanTheWindow = { fromHour: 25 * 24, toHour: 60 * 24 };

const breachOf = async (options: Partial<SimulationOptions>): Promise<InvariantViolation> => {
  const error: unknown = await simulateFleet({ ...small, ...options }).then(
    () => new Error('nothing was caught'),
    (caught: unknown) => caught,
  );
  if (error instanceof InvariantViolation) return error;
  throw error;
};

describe('a simulated fleet', () => {
  it.each([1, 2, 3, 4, 5, 6])('keeps every invariant, with seed %d', async (seed) => {
    const { lives, requests, checks } = await simulateFleet({ ...small, days: 100, seed, outages: [{ fromHour: 700, toHour: 730 }] });
    expect(lives.installed).toBe(120);
    expect(requests.renewalsGranted).toBeGreaterThan(500);
    expect(checks.grantsChecked).toBeGreaterThanOrEqual(requests.activationsGranted + requests.renewalsGranted);
    expect(checks.punctualLeastDaysLeft).toBeGreaterThanOrEqual(173);
  });

  it('goes the same way with the same seed, and another with another', async () => {
    const [one, again, other] = await Promise.all([simulateFleet(small), simulateFleet(small), simulateFleet({ ...small, seed: 2 })]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(one));
    expect(other.requests).not.toEqual(one.requests);
  });

  it('activates nobody below the threshold', async () => {
    const { requests, licences } = await simulateFleet({ ...small, machines: 4, hosts: 1 });
    expect(requests).toMatchObject({ activationsGranted: 0, renewalsGranted: 0 });
    expect(requests.activationsDeferred).toBeGreaterThan(100);
    expect(licences).toMatchObject({ licensed: 0, unlicensed: 4 });
  });

  it('lets machines that were away for longer than a lease recover', async () => {
    const { lives, hosts } = await simulateFleet({ machines: 250, days: 365, seed: 3 });
    expect(lives.recovered).toBeGreaterThan(0);
    expect(lives.reimaged).toBeGreaterThan(0);
    expect(hosts.some(({ leases }) => leases.released > 0)).toBe(true);
  });

  it('keeps its leases while a count that fell to nothing grows again', async () => {
    const { requests, licences } = await simulateFleet({ ...small, days: 80, outages: [longerThanTheWindow] });
    expect(requests.renewalsDeferred).toBeGreaterThan(10);
    expect(licences.licensed).toBe(120);
  });

  it('recovers from an outage of all hosts that outlasts every lease', async () => {
    const { lives, licences } = await simulateFleet({ machines: 60, days: 230, seed: 1, hosts: 1, outages: [{ fromHour: 20 * 24, toHour: 210 * 24 }] });
    expect(lives.recovered).toBeGreaterThan(50);
    expect(licences.licensed).toBeGreaterThan(50);
  });

  it('works off an outage of 30 hours without a peak, and without cost to anybody', async () => {
    const { outages } = await simulateFleet({ machines: 10_000, days: 25, seed: 1, outages: [{ fromHour: 400, toHour: 430 }] });
    expect(outages[0]?.meanAnHour).toBeGreaterThan(50);
    expect(outages[0]?.peakToMean).toBeLessThanOrEqual(3);
    expect(outages[0]?.leastDaysLeft).toBeGreaterThan(90);
  }, 120_000);

  it('gives its figures by the hour', async () => {
    const { hourly, requests, outages } = await simulateFleet({ ...small, outages: [{ fromHour: 500, toHour: 530 }] });
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(hourly.requests).toHaveLength(40 * 24);
    expect(sum(hourly.renewalsGranted)).toBe(requests.renewalsGranted);
    expect(sum(hourly.requests.slice(500, 530))).toBe(0);
    const week = hourly.renewalsGranted.slice(530, 530 + 7 * 24);
    expect(outages[0]).toMatchObject({ peakAnHour: Math.max(...week), meanAnHour: sum(week) / week.length });
  });
});

describe('a fault', () => {
  it('in the threshold, off by one, is caught with its seed, step and machine', async () => {
    const violation = await breachOf({
      rules: {
        decideActivation: (request, host, context) => {
          const { counts } = context;
          return decideActivation(request, host, { ...context, counts: counts === undefined ? undefined : { ...counts, physical: counts.physical + 1 } });
        },
      },
    });
    expect(violation.breach.invariant).toBe('no lease below the threshold');
    expect(violation.breach.detail).toMatch(/with 4 machines counted where 5 are needed|with 24 machines counted where 25 are needed/);
    expect(violation.whereabouts?.seed).toBe(1);
    expect(violation.message).toMatch(/^broken: no lease below the threshold \(seed 1, step \d+, 2026-01-\S+Z, machine \S{43}\): /);
  });

  it('in counting virtual machines is caught', async () => {
    const everyMachine: typeof tally = (state, arrivals, nowMs) => tally(state, arrivals, nowMs).map((counts) => ({ physical: countUnder({ countVirtualMachines: true }, counts), virtual: 0 }));
    expect((await breachOf({ machines: 300, rules: { tally: everyMachine }, seed: 4 })).breach.invariant).toBe('no lease below the threshold');
  });

  it('in renewals that grant whatever the count is, is caught', async () => {
    const generous: typeof decideRenewal = (request, state, context) => decideRenewal(request, state, { ...context, counts: { physical: 1000, virtual: 0 } });
    expect((await breachOf({ days: 80, outages: [longerThanTheWindow], rules: { decideRenewal: generous } })).breach.invariant).toBe('no lease below the threshold');
  });

  it('in expiries that are recorded too early is caught', async () => {
    const early: typeof decideExpiries = (state, { head, nowMs }, limit) => decideExpiries(state, { head, nowMs: nowMs + 175 * DAY_MS }, limit);
    expect((await breachOf({ rules: { decideExpiries: early } })).breach.invariant).toBe('a lease expires once, after its end');
  });

  it('in a client that renews two days late is caught', async () => {
    const twoDaysLate: typeof evolve = (state, outcome, nowMs, draws) => {
      const next = evolve(state, outcome, nowMs, draws);
      return outcome.reply.type === 'granted' && next.due !== null ? { ...next, due: { ...next.due, atMs: next.due.atMs + 2 * DAY_MS } } : next;
    };
    const violation = await breachOf({ client: { evolve: twoDaysLate } });
    expect(violation.breach.invariant).toBe('a punctual machine keeps its reserve');
    expect(violation.breach.machine).toMatch(/^(server|desktop|laptop)-\d{5}$/);
  });

  it('in a client that gives up after a failure is caught', async () => {
    const givesUp: typeof evolve = (state, outcome, nowMs, draws) => {
      const next = evolve(state, outcome, nowMs, draws);
      return outcome.reply.type === 'unreachable' ? { ...next, due: null, intent: 'rest' } : next;
    };
    expect((await breachOf({ client: { evolve: givesUp }, outages: [{ fromHour: 24, toHour: 54 }] })).breach.invariant).toBe('every machine that reaches a host recovers');
  });

  it('in a client that waits for too long while its lease is good is caught', async () => {
    const patient: typeof evolve = (state, outcome, nowMs, draws) => {
      const next = evolve(state, outcome, nowMs, draws);
      return outcome.reply.type === 'unreachable' && next.lease !== null && next.due !== null ? { ...next, due: { ...next.due, atMs: next.lease.expiresAtMs - 20 * DAY_MS } } : next;
    };
    const violation = await breachOf({ days: 200, client: { evolve: patient } });
    expect(violation.breach.invariant).toBe('no machine in reach comes below half its lease');
  });

  it('in the count itself is caught', async () => {
    const forgetful = await breachOf({
      rules: {
        decideRetirement: () => ({ status: 'recorded', events: [{ type: 'MachineRetired', data: { machine: 'somebody else', reason: 'reimaged' } }] }),
        tally: (state, arrivals, nowMs) => {
          // A tally that changes what it only should read.
          for (const pool of state.values()) if (pool.physical > 40) pool.physical -= 1;
          return tally(state, arrivals, nowMs);
        },
      },
    });
    expect(forgetful.breach.invariant).toBe('the count is what a naive recount gives');
    expect(forgetful.breach.detail).toMatch(/the fold counts \d+ physical and \d+ virtual machines, the recount/);
  });
});
