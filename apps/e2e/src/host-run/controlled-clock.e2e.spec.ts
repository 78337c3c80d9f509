import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClockControl } from '@muster/devstack';
import { openClockControl } from '@muster/devstack';
import { DAY_SECONDS, MINUTE_SECONDS, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet } from '@muster/testing';
import { POOL, signWish, WORKSTATION } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { endHostProcess, launchHost, startHost } from '../host/host.js';
import { assertGapless, assertTimeForward, recountDecisions } from '../ledger/audit-ledger.js';

const START_TIMEOUT_MS = 240_000;
const WINDOW_SECONDS = 30 * DAY_SECONDS;
const THRESHOLD = 25;
/** What `muster` ends with when something is in the way. */
const EXIT_CONFLICT = 5;

const dir = mkdtempSync(join(tmpdir(), 'muster-clock-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const ask = async ({ api }: Host, clock: ClockControl, machine: TestMachine) =>
  api.activate((await signWish(machine, { product: WORKSTATION }, { iat: toNumericDate(clock.nowMs()) })).jws);

const endsAtOnce = async (options: { readonly controlledClock: boolean; readonly env?: NodeJS.ProcessEnv; readonly name: string }) => {
  const launcher = launchHost({ dataDir: join(dir, options.name), ...options });
  try {
    return { ...(await launcher.exited), output: launcher.output() };
  } finally {
    await endHostProcess(launcher);
  }
};

it(
  'a fleet ages out of the count in no time, whichever replica is asked, and stays out after a restart',
  async () => {
    const options = { dataDir: join(dir, 'data'), controlledClock: true, replicas: 'activation=2,counting=2' };
    let host = await startHost(options);
    try {
      const clock = openClockControl(host.clockFile);
      const startedMs = clock.nowMs();
      const fleet = aFleet(THRESHOLD + 1, 'controlled-clock');
      const [first, last] = [fleet[0], fleet.at(-1)] as [TestMachine, TestMachine];
      for (const machine of fleet.slice(0, THRESHOLD)) await ask(host, clock, machine);
      expect(await ask(host, clock, first)).toMatchObject({ outcome: 'granted', count: THRESHOLD });

      clock.advance(WINDOW_SECONDS - 10 * MINUTE_SECONDS);
      // Each question may reach another replica.
      for (let times = 0; times < 4; times += 1) expect((await host.api.count(POOL)).count).toBe(THRESHOLD);
      expect(await ask(host, clock, first)).toMatchObject({ outcome: 'granted', count: THRESHOLD });

      clock.advance(20 * MINUTE_SECONDS);
      for (let times = 0; times < 4; times += 1) expect((await host.api.count(POOL)).count).toBe(1);
      expect(await ask(host, clock, last)).toMatchObject({ outcome: 'deferred', count: 2 });
      expect((await host.api.count(POOL, new Date(startedMs + (WINDOW_SECONDS / 2) * 1000).toISOString())).count).toBe(THRESHOLD);
      expect(host.process.output()).toContain('CONTROLLED CLOCK, for development only');

      await host.kill();
      host = await startHost(options);
      expect((await host.api.count(POOL)).count).toBe(2);
      expect(await ask(host, clock, first)).toMatchObject({ outcome: 'deferred', count: 2 });
      const { events, head } = await host.api.ledger();
      assertGapless(events, head);
      assertTimeForward(events);
      expect(recountDecisions(events).counts.get(POOL)).toBe(2);
      expect((await host.api.replay()).equal).toBe(true);
      await host.stop();

      const real = await endsAtOnce({ name: 'data', controlledClock: false });
      expect([real.code, real.output]).toEqual([EXIT_CONFLICT, expect.stringContaining('has a controlled clock; the time in its ledger may be ahead of the real one')]);
    } finally {
      await host.end();
    }
  },
  START_TIMEOUT_MS,
);

it(
  'production refuses it: the host does not start, and says why',
  async () => {
    const { code, output } = await endsAtOnce({ name: 'production', controlledClock: true, env: { MUSTER_ENVIRONMENT: 'production' } });
    expect(code).not.toBe(0);
    expect(output).toContain('a controlled clock is for development only, and MUSTER_ENVIRONMENT is production');
  },
  START_TIMEOUT_MS,
);
