import { createStoppables } from './stoppables.js';

const unexpected = (error: unknown): never => {
  throw new Error('unexpected', { cause: error });
};

describe('what has to be stopped', () => {
  it('is stopped once each, the youngest first, also when two ask for it', async () => {
    const stopped: string[] = [];
    const { add, stopAll } = createStoppables(unexpected);
    const stopOf = (name: string) => add(async () => void stopped.push(name));
    stopOf('server');
    const stopHost = stopOf('host');
    stopOf('load');
    await stopHost();
    await Promise.all([stopAll(), stopAll()]);
    expect(stopped).toEqual(['host', 'load', 'server']);
  });

  it('is waited for by everybody who asks', async () => {
    let finish = (): void => undefined;
    const { add, stopAll } = createStoppables(unexpected);
    add(() => new Promise((resolve) => (finish = resolve)));
    let waited = false;
    void stopAll();
    const second = stopAll().then(() => (waited = true));
    await Promise.resolve();
    expect(waited).toBe(false);
    finish();
    await second;
    expect(waited).toBe(true);
  });

  it('does not keep the others running when its stop fails', async () => {
    const failures: unknown[] = [];
    const stopped: string[] = [];
    const { add, stopAll } = createStoppables((error) => void failures.push(error));
    add(async () => void stopped.push('server'));
    add(() => Promise.reject(new Error('stuck')));
    await stopAll();
    expect(stopped).toEqual(['server']);
    expect(failures).toHaveLength(1);
  });

  it('is stopped at once when it comes too late', async () => {
    const stopped: string[] = [];
    const { add, stopAll } = createStoppables(unexpected);
    await stopAll();
    expect(() => add(async () => void stopped.push('late'))).toThrow('being stopped');
    expect(stopped).toEqual(['late']);
  });
});
