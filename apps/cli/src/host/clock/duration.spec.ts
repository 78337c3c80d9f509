import { durationSeconds } from './duration.js';

it.each([
  ['90s', 90],
  ['15m', 900],
  ['2h', 7200],
  ['7d', 604_800],
  ['0s', 0],
])('%s is %d seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

it.each(['', '7', 'd', '-7d', '1.5h', '7 d', '7D', '1w', '9999999999s'])('%j is not a duration', (text) => {
  expect(() => durationSeconds(text)).toThrow('90s, 15m, 2h or 7d');
});
