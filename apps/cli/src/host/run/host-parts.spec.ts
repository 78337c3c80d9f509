import type { Part, Supervised } from '@muster/devstack';
import type { PartKind } from '../../data-dir/run-file.js';
import { hostParts } from './host-parts.js';

const part = (pid: number): Part => ({ pid, exited: Promise.resolve({ code: 0, signal: null }), stop: () => Promise.resolve() });

const supervised = (pid: number | undefined, stop: () => Promise<void>): Supervised<Part> => ({ current: () => (pid === undefined ? undefined : part(pid)), restarts: () => 0, stop });

describe('the parts of a host', () => {
  const started: readonly (readonly [string, PartKind])[] = [
    ['gateway', 'gateway'],
    ['activation-2', 'activation'],
    ['nats', 'nats'],
    ['activation-1', 'activation'],
    ['postgres', 'postgres'],
    ['lease-renewal', 'lease-renewal'],
    ['counting', 'counting'],
    ['dns-registrar', 'dns-registrar'],
  ];

  it('are listed from the bottom up, without those that are down', () => {
    const parts = hostParts();
    started.forEach(([name, kind], index) => parts.add({ name, kind, port: 20_000 + index, supervised: supervised(name === 'nats' ? undefined : index, () => Promise.resolve()) }));
    expect(parts.running().map(({ name }) => name)).toEqual(['postgres', 'counting', 'lease-renewal', 'activation-1', 'activation-2', 'dns-registrar', 'gateway']);
  });

  it('stop from the edge down, all of them also when one fails', async () => {
    const stopped: string[] = [];
    const parts = hostParts();
    for (const [name, kind] of started) {
      const stop = (): Promise<void> => {
        stopped.push(name);
        return name === 'gateway' ? Promise.reject(new Error('it hangs')) : Promise.resolve();
      };
      parts.add({ name, kind, port: 1, supervised: supervised(1, stop) });
    }
    await expect(parts.stop()).rejects.toThrow('it hangs');
    expect(stopped).toEqual(['gateway', 'dns-registrar', 'activation-2', 'activation-1', 'lease-renewal', 'counting', 'nats', 'postgres']);
  });
});
