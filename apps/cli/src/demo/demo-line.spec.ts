import { painter } from '../terminal/paint.js';
import { demoLine, isAsExpected } from './demo-line.js';
import { replicasOf } from './demo-host.js';
import { obstacleIn } from './choose-stage.js';
import type { DemoRequest } from './demo-story.js';

const request: DemoRequest = { hostname: 'ws-01', product: 'acme.workstation', virtual: false, expected: { outcome: 'deferred', count: 1, threshold: 25 } };
const paint = painter(false);

describe('a line of the demonstration', () => {
  it('holds when outcome, count and threshold are what they must be', () => {
    expect(isAsExpected(request, request.expected)).toBe(true);
    expect(isAsExpected(request, { ...request.expected, count: 2 })).toBe(false);
    expect(isAsExpected(request, { ...request.expected, outcome: 'granted' })).toBe(false);
    expect(isAsExpected(request, { ...request.expected, threshold: 5 })).toBe(false);
  });

  it('says what it must have been', () => {
    expect(demoLine(1, request, { answer: request.expected, paint })).toBe('  1  ws-01      acme.workstation  physical  count    1  threshold   25  deferred  ✓');
    expect(demoLine(1, request, { answer: { ...request.expected, count: 2 }, paint })).toMatch(/count {4}2 .* ✗ must be: count 1, threshold 25, deferred$/);
  });
});

describe('the host of the demonstration', () => {
  const pool = { pool: 'acme', count: 0, physical: 0, virtual: 0, position: 1, asOf: '2026-11-22T00:00:00.000Z', final: false, countWindowSeconds: 1, countVirtualMachines: false };
  const products = [
    { name: 'acme.server', threshold: 5, covered: true },
    { name: 'acme.workstation', threshold: 25, covered: true },
  ];

  it('sells the development products, and has counted nobody yet', () => {
    expect(obstacleIn([{ ...pool, products }])).toBeUndefined();
    expect(obstacleIn([{ ...pool, products, physical: 1, count: 1 }])).toMatch(/counts machines already/);
    expect(obstacleIn([{ ...pool, products, virtual: 1 }])).toMatch(/counts machines already/);
    expect(obstacleIn([{ ...pool, products: products.slice(0, 1) }])).toMatch(/acme.workstation from 25/);
    expect(obstacleIn([{ ...pool, products, countVirtualMachines: true }])).toMatch(/virtual/);
    expect(obstacleIn([{ ...pool, products, countOnlyEnrolled: true }])).toMatch(/only enrolled/);
    expect(obstacleIn([])).toMatch(/acme.server/);
  });

  it('comes back with as many replicas as it had', () => {
    const part = (kind: 'activation' | 'counting' | 'gateway', name: string) => ({ kind, name, pid: 1, port: 1 });
    expect(replicasOf({ parts: [part('activation', 'a-1'), part('activation', 'a-2'), part('counting', 'c'), part('gateway', 'g')] })).toBe('activation=2,lease-renewal=1,counting=1,dns-registrar=0');
    expect(replicasOf({ parts: [] })).toBe('activation=1,lease-renewal=1,counting=1,dns-registrar=0');
  });
});
