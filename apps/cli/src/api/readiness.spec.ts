import { remarksOf } from './readiness.js';

describe('what a service says of itself', () => {
  it('is worth a remark where a check is not simply up', () => {
    const checks = [
      { name: 'nats', status: 'up' },
      { name: 'clock', status: 'down', detail: '86400 s ahead' },
      { name: 'partitions', status: 'warn' },
    ];
    expect(remarksOf({ status: 'not-ready', checks })).toEqual({ remarks: ['clock: 86400 s ahead', 'partitions: warn'], down: ['clock: 86400 s ahead'] });
  });

  it.each([undefined, null, 'ready', {}, { checks: 'none' }, { checks: [null, 1] }])('is nothing in %j', (body) => expect(remarksOf(body)).toEqual({ remarks: [], down: [] }));
});
