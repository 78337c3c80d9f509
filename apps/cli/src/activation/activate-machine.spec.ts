import type { ActivationAnswer } from '@muster/contracts';
import { generateKeyPair, verifyActivationRequest } from '@muster/trust';
import type { HostApi } from '../api/host-api.js';
import { CliFailure } from '../failure/cli-failure.js';
import { activateMachine } from './activate-machine.js';

const ANSWER: ActivationAnswer = { outcome: 'deferred', count: 1, threshold: 25, retryAfterSeconds: 7200, retryAt: '2026-01-05T10:00:00.000Z', receipt: 'a.b.c' };
const wish = { jti: '6f0d4c9e-0000-4000-8000-000000000001', product: 'acme.server', machine: { hostname: 'srv-01', virtual: false } };

const away = (retryAfterSeconds: number): CliFailure =>
  new CliFailure('unreachable', 'A part is away.', { problem: { type: '/problems/unavailable', title: '', status: 503, detail: '', code: 'unavailable', retryAfterSeconds } });

/** A host that fails in the given ways, then answers. */
const hostThat = (failures: readonly CliFailure[]) => {
  const sent: string[] = [];
  const left = [...failures];
  const api = {
    activate: (jws: string) => {
      sent.push(jws);
      const failure = left.shift();
      return failure === undefined ? Promise.resolve(ANSWER) : Promise.reject(failure);
    },
  } satisfies Partial<HostApi> as unknown as HostApi;
  return { api, sent };
};

describe('a request of a machine', () => {
  const key = generateKeyPair();

  it('comes back under the same id when the host says that a part is away', async () => {
    const { api, sent } = hostThat([away(0.01), away(0.01)]);
    expect(await activateMachine(api, { key, wish })).toEqual(ANSWER);
    const requests = await Promise.all(sent.map((jws) => verifyActivationRequest(jws)));
    expect(requests.map(({ machine, payload }) => [machine, payload.jti])).toEqual([1, 2, 3].map(() => [key.id, wish.jti]));
  });

  it('does not wait longer than it has patience for', async () => {
    const { api, sent } = hostThat([away(60)]);
    await expect(activateMachine(api, { key, wish, patienceMs: 1000 })).rejects.toThrow('A part is away.');
    expect(sent).toHaveLength(1);
  });

  it.each([new CliFailure('unreachable', 'connection refused'), new CliFailure('conflict', 'used before')])('is not repeated after: $message', async (failure) => {
    const { api, sent } = hostThat([failure]);
    await expect(activateMachine(api, { key, wish })).rejects.toBe(failure);
    expect(sent).toHaveLength(1);
  });
});
