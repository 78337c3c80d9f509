import { counted, dateOf, durationWords } from './words.js';

describe('words for figures', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [59.6, '1 minute'],
    [7200, '2 hours'],
    [7042, '1 hour 57 minutes'],
    [3605, '1 hour'],
    [30 * 86_400, '30 days'],
    [90_061, '1 day 1 hour'],
    [-5, '0 seconds'],
  ])('%d seconds are %s', (seconds, words) => expect(durationWords(seconds)).toBe(words));

  it('counts in the singular and the plural', () => {
    expect([counted(1, 'machine'), counted(0, 'machine'), counted(12_345, 'event')]).toEqual(['1 machine', '0 machines', '12,345 events']);
  });

  it('gives the date in UTC', () => expect(dateOf(1_795_357_318)).toBe('2026-11-22'));
});
