import { isProblem } from '@muster/kernel';
import { parseAsOf } from './as-of.query.js';

describe('asOf', () => {
  it('is a position when it is digits', () => {
    expect(parseAsOf('1811')).toEqual({ position: 1811 });
  });

  it.each([
    ['2026-03-31T23:59:59Z', '2026-03-31T23:59:59.000Z'],
    ['2026-03-31T23:59:59.5+02:00', '2026-03-31T21:59:59.500Z'],
  ])('is an instant when it reads %s', (text, instant) => {
    expect(parseAsOf(text)).toEqual({ instant });
  });

  it.each(['', 'yesterday', '2026-03-31', '-1', '1.5', '2026-13-31T00:00:00Z', '9'.repeat(16)])('is refused when it reads "%s"', (text) => {
    expect.assertions(1);
    try {
      parseAsOf(text);
    } catch (error) {
      expect(isProblem(error, 'invalid-as-of')).toBe(true);
    }
  });
});
