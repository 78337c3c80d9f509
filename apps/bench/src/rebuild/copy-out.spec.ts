import { parseTiming } from './copy-out.js';

describe("psql's timing", () => {
  it.each([
    ['Time: 981.204 ms\n', 0.981204],
    ['Timing is on.\nTime: 1320.5 ms (00:01.321)\n', 1.3205],
  ])('is read in seconds from %j', (output, expected) => {
    expect(parseTiming(output)).toBeCloseTo(expected, 9);
  });

  it('must be there', () => {
    expect(() => parseTiming('COPY 1000000\n')).toThrow('no time');
  });
});
