import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import type { PaceContext } from './renewal-pace.rule.js';
import { paceRenewal } from './renewal-pace.rule.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;

/** 8 days after the grant, a day late, while 10,000 machines renew weekly (59.5 an hour). */
const late: PaceContext = {
  nowMs: 8 * DAY_MS,
  lease: { issuedAtMs: 0, expiresAtMs: 180 * DAY_MS },
  drawnForMs: 7 * DAY_MS,
  running: 10_000,
  grantedLastHour: 120,
  product: { renewAfterSeconds: 7 * DAY_SECONDS },
  spread: 0,
};

describe('the pace of renewals', () => {
  it('takes late ones up to twice the long-run rate', () => {
    expect(paceRenewal({ ...late, grantedLastHour: 119 })).toEqual({ status: 'now' });
    expect(paceRenewal(late)).toEqual({ status: 'later', retryAfterSeconds: DAY_SECONDS });
  });

  it('never sends away who came at its moment', () => {
    expect(paceRenewal({ ...late, grantedLastHour: 10_000, drawnForMs: late.nowMs - 15 * 60 * SECOND_MS })).toEqual({ status: 'now' });
    expect(paceRenewal({ ...late, drawnForMs: late.nowMs - 15 * 60 * SECOND_MS - 1 }).status).toBe('later');
    expect(paceRenewal({ ...late, drawnForMs: null }).status).toBe('later');
  });

  it('never sends away whose lease has, or would by then have, less than half left', () => {
    expect(paceRenewal({ ...late, nowMs: 90 * DAY_MS })).toEqual({ status: 'now' });
    expect(paceRenewal({ ...late, nowMs: 89 * DAY_MS })).toEqual({ status: 'now' });
    expect(paceRenewal({ ...late, nowMs: 89 * DAY_MS - 1 }).status).toBe('later');
  });

  it('spreads the return over three days, about this time of the day', () => {
    const returns = [0, 0.33, 0.34, 0.66, 0.67, 0.999].map((spread) => {
      const pace = paceRenewal({ ...late, spread });
      if (pace.status === 'now') throw new Error('it was to come later');
      return { day: Math.floor(pace.retryAfterSeconds / DAY_SECONDS), hour: Math.floor((pace.retryAfterSeconds % DAY_SECONDS) / HOUR_SECONDS) };
    });
    expect(returns).toEqual([
      { day: 1, hour: 0 },
      { day: 1, hour: 5 },
      { day: 2, hour: 0 },
      { day: 2, hour: 5 },
      { day: 3, hour: 0 },
      { day: 3, hour: 5 },
    ]);
  });

  it('leaves a small fleet alone', () => expect(paceRenewal({ ...late, running: 5, grantedLastHour: 9 })).toEqual({ status: 'now' }));
});
