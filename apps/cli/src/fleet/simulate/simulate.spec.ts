import type { SimulationOptions } from '@muster/simulator';
import { simulateFleet } from '@muster/simulator';
import { exitCodes } from '../../failure/exit-codes.js';
import { reportFailure } from '../../failure/report-failure.js';
import { painter } from '../../terminal/paint.js';
import type { Terminal } from '../../terminal/terminal.js';
import { simulate } from './simulate.js';

const listen = ({ json = false } = {}): Terminal & { readonly out: string[]; readonly notes: string[] } => {
  const [out, notes]: [string[], string[]] = [[], []];
  const paint = painter(false);
  return { json, verbose: false, watched: false, out, notes, data: (line) => void out.push(line), note: (line) => void notes.push(line), progress: () => undefined, paint, paintData: paint };
};

const options = { machines: 60, days: 20, seed: 5, hosts: 1 };

describe('muster fleet simulate', () => {
  it('says how far it is, then what happened', async () => {
    const terminal = listen();
    expect(await simulate({ ...options, outage: [{ fromHour: 200, toHour: 230 }] }, terminal)).toBe(exitCodes.ok);
    expect(terminal.notes).toHaveLength(11);
    expect(terminal.notes[1]).toMatch(/^day 2 of 20, step /);
    const text = terminal.out.join('\n');
    expect(text).toMatch(/^requests an hour/);
    expect(text).toMatch(/All hosts were down from hour 200 to hour 230/);
    expect(text).toMatch(/60 machines: .*licensed/);
  });

  it('gives the same bytes for the same seed', async () => {
    const [one, again] = [listen({ json: true }), listen({ json: true })];
    await simulate(options, one);
    await simulate(options, again);
    expect(one.out).toEqual(again.out);
    expect(JSON.parse(one.out[0] ?? '')).toMatchObject({ machines: 60, days: 20, seed: 5, outages: [] });
  });

  it('names seed, step and machine of a broken invariant, and fails', async () => {
    const withAFault = (simulation: SimulationOptions) => simulateFleet({ ...simulation, rules: { tally: (_state, arrivals) => arrivals.map(() => ({ physical: 1000, virtual: 0 })) } });
    const terminal = listen();
    const failure: unknown = await simulate(options, terminal, withAFault).catch((error: unknown) => error);
    expect(reportFailure(failure, terminal)).toBe(exitCodes.failed);
    expect(terminal.notes.slice(-2)).toEqual([
      expect.stringMatching(/^error: broken: no lease below the threshold \(seed 5, step \d+, 2026-01-0\S+, machine \S{43}\): host-1 granted lease \S+ of \S+ with \d+ machines? counted/),
      '--machines 60 --days 20 --seed 5, with the same other options, gets there again.',
    ]);
  });

  it('refuses an outage after the end', async () => {
    await expect(simulate({ ...options, outage: [{ fromHour: 480, toHour: 500 }] }, listen())).rejects.toThrow(/would begin after the run of 20 days/);
  });
});
