import { reportOf } from './replay.js';

const done = { status: 'done', events: 10, seconds: 0.5, eventsPerSecond: 20, position: 10, rebuiltDigest: 'a', liveDigest: 'a', equal: true };
const progress = { status: 'progress', events: 5, ofEvents: 10, seconds: 0.2 };
const ndjson = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe("a replay's lines", () => {
  it('end with the report', () => {
    expect(reportOf(ndjson(progress, done))).toEqual(done);
  });

  it.each([[ndjson(progress)], [ndjson(progress, { status: 'failed', problem: { code: 'unavailable' } })]])('without one are a failure: %s', (lines) => {
    expect(() => reportOf(lines)).toThrow('the replay ended with');
  });
});
