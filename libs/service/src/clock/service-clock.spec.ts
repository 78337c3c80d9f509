import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_SECONDS, SECOND_MS, systemClock } from '@muster/kernel';
import type { Log } from '@muster/messaging';
import { Module } from '@nestjs/common';
import { commonConfig } from '../config/common-config.js';
import { ConfigError } from '../config/load-config.js';
import { createLogger } from '../logging/create-logger.js';
import { startService } from '../run/start-service.js';
import { decideUnlessProduction, refuseControlledClock } from './refuse-production.js';
import { openServiceClock, type ServiceClock, storeClockOf } from './service-clock.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;
/** What the test itself takes, on a busy machine. */
const SLACK_MS = 5_000;

interface Line {
  readonly level: string;
  readonly message: string;
}

const dirs: string[] = [];
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

const clockFile = (content = '{"aheadMs":0}') => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-clock-'));
  dirs.push(dir);
  const file = join(dir, 'clock.json');
  const write = (text: string): void => writeFileSync(file, text);
  write(content);
  return { file, write, moveTo: (days: number) => write(JSON.stringify({ aheadMs: days * DAY_MS })) };
};

const recordingLog = (): { readonly log: Log; readonly said: (level: string) => readonly string[] } => {
  const lines: Line[] = [];
  const log = createLogger({ service: 'counting', level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line) as Line) } });
  return { log, said: (level) => lines.filter((line) => line.level === level).map(({ message }) => message) };
};

const open = (file?: string) => {
  const { log, said } = recordingLog();
  const clock = openServiceClock({ controlledClockFile: file, environment: undefined, nodeEnvironment: undefined }, log);
  return { clock, said };
};

const daysAhead = ({ nowMs }: ServiceClock): number => Math.round((nowMs() - systemClock.nowMs()) / DAY_MS);

describe('the real clock', () => {
  it('is what a service has unless told otherwise, and PostgreSQL has its own', () => {
    const { clock } = open();
    expect(clock.controlled).toBe(false);
    expect(Math.abs(clock.nowMs() - systemClock.nowMs())).toBeLessThan(SLACK_MS);
    expect(storeClockOf(clock)).toEqual({});
  });
});

describe('a controlled clock', () => {
  it('is the same for everybody who reads the file, at once, and loud about it', () => {
    const { file, moveTo } = clockFile();
    const [one, other] = [open(file), open(file)];
    expect([one, other].map(({ clock }) => daysAhead(clock))).toEqual([0, 0]);
    moveTo(7);
    expect([one, other].map(({ clock }) => daysAhead(clock))).toEqual([7, 7]);
    expect([one.said('warn'), one.said('info')]).toEqual([[expect.stringMatching(/^CONTROLLED CLOCK/)], ['the controlled clock was moved forward']]);
  });

  it('replaces both sides of the clock rule', () => {
    const { clock } = open(clockFile().file);
    expect(storeClockOf(clock)).toEqual({ storeClock: clock });
  });

  it('goes on from where it was when the file is set back, broken or removed, and says so once', () => {
    const { file, moveTo, write } = clockFile();
    const { clock, said } = open(file);
    moveTo(30);
    expect(daysAhead(clock)).toBe(30);
    moveTo(1);
    expect([daysAhead(clock), daysAhead(clock)]).toEqual([30, 30]);
    expect(said('error')).toHaveLength(1);
    moveTo(31);
    expect(daysAhead(clock)).toBe(31);
    write('{"aheadMs":');
    expect([daysAhead(clock), daysAhead(clock)]).toEqual([31, 31]);
    rmSync(file);
    expect(daysAhead(clock)).toBe(31);
    expect(said('error')).toHaveLength(2);
  });

  it.each(['', 'seven days', '{"aheadMs":-1}', '{"aheadMs":1.5}', '{"aheadMs":1e15}', '{}'])('does not start from %j', (content) => {
    expect(() => open(clockFile(content).file)).toThrow(ConfigError);
  });

  it('does not start without its file', () => {
    expect(() => open('/nowhere/clock.json')).toThrow('ENOENT');
  });
});

describe('production', () => {
  @Module({})
  class NothingModule {}

  it.each([{ NODE_ENV: 'production' }, { MUSTER_ENVIRONMENT: 'production' }, { MUSTER_ENVIRONMENT: 'development', NODE_ENV: 'production' }])('refuses it: no service starts with %j', async (env) => {
    const all = { ...env, MUSTER_HTTP_PORT: '0', MUSTER_CONTROLLED_CLOCK_FILE: clockFile().file };
    const started = startService({ name: 'counting', config: commonConfig, module: NothingModule, env: all, logDestination: { write: () => undefined } });
    await expect(started).rejects.toThrow(/controlled clock is for development only, and .* is production/);
    await expect(started).rejects.toBeInstanceOf(ConfigError);
  });

  it('is also what a host certificate says', () => {
    const { clock } = open(clockFile().file);
    expect(() => refuseControlledClock(clock, { environment: 'production' })).toThrow(ConfigError);
    expect(() => refuseControlledClock(clock, { environment: 'development' })).not.toThrow();
    expect(() => refuseControlledClock(open().clock, { environment: 'production' })).not.toThrow();
  });

  it('is also what a ledger remembers: nothing is decided on it under a controlled clock', async () => {
    const decide = (round: number): Promise<string> => Promise.resolve(`decided ${round}`);
    const guarded = (controlled: boolean, production: boolean) => decideUnlessProduction({ controlled }, () => production, decide)(1);
    await expect(guarded(true, true)).rejects.toMatchObject({ kind: 'clock-skew' });
    expect(await Promise.all([guarded(true, false), guarded(false, true), guarded(false, false)])).toEqual(['decided 1', 'decided 1', 'decided 1']);
  });
});
