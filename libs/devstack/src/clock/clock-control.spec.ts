import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_SECONDS, SECOND_MS, systemClock } from '@muster/kernel';
import { openClockControl } from './clock-control.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;

const dir = mkdtempSync(join(tmpdir(), 'muster-clock-control-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** `+ 0`: a millisecond that passes between the two readings makes a negative zero. */
const daysAhead = (nowMs: number): number => Math.round((nowMs - systemClock.nowMs()) / DAY_MS) + 0;

describe('the hand on a controlled clock', () => {
  it('makes a clock of the real time, moves it forward, and takes it up again where it was left', () => {
    const file = join(dir, 'new', 'clock.json');
    const control = openClockControl(file);
    expect(daysAhead(control.nowMs())).toBe(0);
    expect(daysAhead(control.advance(7 * DAY_SECONDS))).toBe(7);
    control.advance(0);
    const again = openClockControl(file);
    again.advance(393 * DAY_SECONDS);
    expect([control, again].map(({ nowMs }) => daysAhead(nowMs()))).toEqual([400, 400]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ aheadMs: 400 * DAY_MS });
    expect(readdirSync(join(dir, 'new'))).toEqual(['clock.json']);
  });

  it('never moves it back', () => {
    const control = openClockControl(join(dir, 'forward.json'));
    control.advance(DAY_SECONDS);
    for (const seconds of [-1, Number.NaN]) expect(() => control.advance(seconds)).toThrow(RangeError);
    expect(daysAhead(control.nowMs())).toBe(1);
  });

  it('leaves a file alone that is not a clock', () => {
    const file = join(dir, 'other.json');
    writeFileSync(file, 'precious');
    expect(() => openClockControl(file)).toThrow();
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});
