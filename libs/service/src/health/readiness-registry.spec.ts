import { jest } from '@jest/globals';
import { ReadinessRegistry } from './readiness-registry.js';

describe('readiness', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is ready while nothing is down; a warning does not count', async () => {
    const registry = new ReadinessRegistry();
    registry.register('nats', () => ({ status: 'up' }));
    registry.register('partitions', async () => Promise.resolve({ status: 'warn', detail: 'one spare' }));
    expect(await registry.readiness()).toEqual({ status: 'ready', checks: [{ name: 'nats', status: 'up' }, { name: 'partitions', status: 'warn', detail: 'one spare' }] });
  });

  it('names what is down: what says so, what throws and what hangs', async () => {
    const registry = new ReadinessRegistry();
    registry.register('a', () => ({ status: 'down', detail: 'away' }));
    registry.register('b', () => {
      throw new Error('sync');
    });
    registry.register('c', () => Promise.reject(new Error('async')));
    registry.register('d', () => new Promise(() => undefined));
    const readiness = registry.readiness();
    await jest.advanceTimersByTimeAsync(2000);
    expect(await readiness).toEqual({
      status: 'not-ready',
      checks: [
        { name: 'a', status: 'down', detail: 'away' },
        { name: 'b', status: 'down', detail: 'sync' },
        { name: 'c', status: 'down', detail: 'async' },
        { name: 'd', status: 'down', detail: 'no answer within 2000 ms' },
      ],
    });
  });

  it('asks at most once a second, however often it is asked', async () => {
    const registry = new ReadinessRegistry();
    let asked = 0;
    registry.register('counted', () => ({ status: (asked += 1) > 1 ? 'down' : 'up' }));
    await Promise.all([registry.readiness(), registry.readiness()]);
    expect((await registry.readiness()).status).toBe('ready');
    expect(asked).toBe(1);
    jest.advanceTimersByTime(1000);
    expect((await registry.readiness()).status).toBe('not-ready');
  });

  it('asks anew within a tenth of a second while it is not ready: a start is over when it is over', async () => {
    const registry = new ReadinessRegistry();
    let asked = 0;
    registry.register('started', () => ({ status: (asked += 1) > 1 ? 'up' : 'down' }));
    expect((await Promise.all([registry.readiness(), registry.readiness()])).map(({ status }) => status)).toEqual(['not-ready', 'not-ready']);
    jest.advanceTimersByTime(99);
    expect((await registry.readiness()).status).toBe('not-ready');
    jest.advanceTimersByTime(1);
    expect((await registry.readiness()).status).toBe('ready');
    expect(asked).toBe(2);
  });

  it('forgets a check that was taken back, refuses a second one of the same name, and is not ready when stopping', async () => {
    const registry = new ReadinessRegistry();
    const remove = registry.register('x', () => ({ status: 'down' }));
    expect(() => registry.register('x', () => ({ status: 'up' }))).toThrow('registered already');
    remove();
    expect((await registry.readiness()).status).toBe('ready');
    registry.stop();
    expect(await registry.readiness()).toEqual({ status: 'not-ready', checks: [{ name: 'service', status: 'down', detail: 'stopping' }] });
  });
});
