import { fixedClock, seededDraws, TEST_START_MS } from '@muster/testing';
import { ServerStanding } from './server-standing.js';

const failure = { kind: 'timeout', detail: 'no answer', server: '192.0.2.1:53', at: '2026-01-01T00:00:00Z' };
const aServer = (): ServerStanding => new ServerStanding({ address: '192.0.2.1', port: 53 }, { clock: fixedClock(TEST_START_MS), draws: seededDraws('servers') });

describe('a server of a zone', () => {
  it('is left alone for longer after each failure, five minutes at most, and never in step with others', () => {
    const server = aServer();
    for (let failures = 0; failures < 14; failures += 1) {
      server.failed(failure);
      const wholeMs = Math.min(1000 * 2 ** failures, 300_000);
      expect(server.restMs).toBeLessThanOrEqual(wholeMs);
      expect(server.restMs).toBeGreaterThan(wholeMs / 2 - 100);
    }
  });

  it('says each change of its standing once', () => {
    const server = aServer();
    expect(server.describe()).toMatchObject({ standing: 'not-asked', lastSuccessAt: null, failure: null, retryAt: null });
    expect([server.succeeded(), server.succeeded()]).toEqual([true, false]);
    expect([server.failed(failure), server.failed(failure), server.failed({ ...failure, kind: 'refused' })]).toEqual([true, false, true]);
    expect(server.describe()).toMatchObject({ server: '192.0.2.1:53', standing: 'failing', failure: { kind: 'refused' }, retryAt: expect.any(String), lastSuccessAt: expect.any(String) });
    expect(server.succeeded()).toBe(true);
    expect(server.describe()).toMatchObject({ standing: 'up', failure: null, retryAt: null });
    expect(server.restMs).toBe(0);
  });

  it('is asked at once when the reason may be gone, and still counts as failing until it answers', () => {
    const server = aServer();
    server.failed(failure);
    server.forgive();
    expect(server.restMs).toBe(0);
    expect(server.failing).toEqual(failure);
  });
});
