import { parseReplayLine } from '../../api/replay-lines.js';
import { progressWords, reportLines } from './replay-words.js';

const report = { status: 'done', events: 109, seconds: 0.0194, eventsPerSecond: 5618, position: 109, rebuiltDigest: 'AA', liveDigest: 'AA', equal: true } as const;

describe('a replay', () => {
  it('reports its progress', () => {
    expect(progressWords({ status: 'progress', events: 500_000, ofEvents: 2_000_000, seconds: 1 })).toBe('replaying: 500,000 of 2,000,000 events (25 %), 1.0 s');
    expect(progressWords({ status: 'progress', events: 0, ofEvents: 0, seconds: 0 })).toMatch(/100 %/);
  });

  it('says loudly when the counts differ', () => {
    expect(reportLines(report)).toEqual(['Replayed 109 events in 0.019 s: 5,618 events/s.', 'The rebuilt counts equal the live ones at position 109 (AA).']);
    expect(reportLines({ ...report, equal: false, liveDigest: 'BB' })[1]).toMatch(/DIFFER .* AA rebuilt, BB live/);
  });

  it('is read line by line; a problem in the last line is a failure', () => {
    expect(parseReplayLine(JSON.stringify(report))).toEqual(report);
    const problem = { type: '/problems/unavailable', title: 'A part of the host is away', status: 503, detail: 'Counting is away.', code: 'unavailable' };
    expect(() => parseReplayLine(JSON.stringify({ status: 'failed', problem }))).toThrow('Counting is away.');
    expect(() => parseReplayLine('{"status":"else"}')).toThrow();
  });
});
