import { outageHours } from './outage-hours.js';

describe('hours of an outage', () => {
  it('are read, and added to those before', () => {
    expect(outageHours('24..54')).toEqual([{ fromHour: 24, toHour: 54 }]);
    expect(outageHours('0..1', outageHours('24..54'))).toEqual([
      { fromHour: 24, toHour: 54 },
      { fromHour: 0, toHour: 1 },
    ]);
  });

  it.each(['', '24', '24..', '54..24', '24..24', '-1..3', '1.5..3', '0..99999', 'a..b'])('refuses %j', (text) => expect(() => outageHours(text)).toThrow(/such as 2400\.\.2430/));
});
