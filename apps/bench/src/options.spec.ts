import { parseOptions } from './options.js';

describe('the command line', () => {
  it('runs every lane at length unless told otherwise', () => {
    expect(parseOptions([])).toMatchObject({ lanes: ['append', 'http', 'rebuild', 'dns'], json: false, rounds: 5, seconds: 8, rebuildEvents: 1_000_000 });
  });

  it('takes lanes in any order, and runs them in its own', () => {
    expect(parseOptions(['rebuild', 'append', '--quick', '--json'])).toMatchObject({ lanes: ['append', 'rebuild'], json: true, rounds: 3, seconds: 2 });
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['appends'])).toThrow('no lane appends');
    expect(() => parseOptions(['--fast'])).toThrow('--fast');
  });
});
