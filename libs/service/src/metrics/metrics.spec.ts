import { createMetrics } from './metrics.js';

describe('metrics', () => {
  it('renders what was counted, beside Node’s own measurements', async () => {
    const metrics = createMetrics('counting');
    metrics.counter({ name: 'muster_things_total', help: 'Things.', labelNames: ['kind'] }).inc({ kind: 'a' }, 3);
    metrics.gauge({ name: 'muster_level', help: 'Level.' }).set(7);
    metrics.gauge({ name: 'muster_queue', help: 'Queue.', collect: (gauge) => gauge.set(9) });
    metrics.histogram({ name: 'muster_wait_seconds', help: 'Wait.' }).observe(0.003);
    const text = await metrics.render();
    expect(text).toContain('muster_things_total{kind="a"} 3');
    expect(text).toContain('muster_level 7');
    expect(text).toContain('muster_queue 9');
    expect(text).toContain('muster_wait_seconds_bucket{le="0.005"} 1');
    expect(text).toContain('muster_service_info{service="counting"} 1');
    expect(text).toContain('muster_nodejs_eventloop_lag_seconds');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('refuses names outside ours', () => {
    expect(() => createMetrics('x').counter({ name: 'things_total', help: 'x' })).toThrow('must begin with muster_');
  });
});
