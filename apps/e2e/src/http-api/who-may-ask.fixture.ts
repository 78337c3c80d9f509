import type { HostApi } from '../host/host-api.js';
import { problemOf } from '../host/host-api.js';

/** For machines, for whoever supervises the host, and for whoever wants to know how to ask. */
const open = [
  ['POST', '/v1/activations'],
  ['POST', '/v1/host-proofs'],
  ['GET', '/v1/host'],
  ['GET', '/.well-known/jwks.json'],
  ['GET', '/livez'],
  ['GET', '/readyz'],
  ['GET', '/openapi.json'],
] as const;

const closed = [
  ['GET', '/v1/pools'],
  ['GET', '/v1/pools/acme/count'],
  ['GET', '/v1/leases'],
  ['GET', '/v1/machines'],
  ['GET', '/v1/statistics'],
  ['GET', '/v1/dns'],
  ['GET', '/v1/dns/records'],
  ['GET', '/v1/dns/plan'],
  ['GET', '/v1/events'],
  ['POST', '/v1/replays'],
  ['POST', '/v1/time-steps'],
  ['GET', '/metrics'],
] as const;

const wrongCredentials: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
  ['none', {}],
  ['a token of the right length that is not the one', { authorization: `Bearer ${'A'.repeat(43)}` }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['a password', { authorization: 'Basic b3BlcmF0b3I6c2VjcmV0' }],
];

export const describeWhoMayAsk = (api: () => HostApi): void => {
  describe('without the operator token', () => {
    it.each(open)('answers %s %s', async (method, path) => {
      const { status } = await api().call(path, { method });
      expect(status).not.toBe(401);
      expect(status).toBeLessThan(500);
    });

    it.each(closed)('asks for it at %s %s, whatever else is offered', async (method, path) => {
      for (const [, headers] of wrongCredentials) {
        const answer = await api().call(path, { method, headers });
        expect([answer.status, problemOf(answer).code]).toEqual([401, 'unauthorized']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      expect((await api().operatorCall(path, { method })).status).toBe(200);
    });

    it('shows the key that signs leases, and only its public half', async () => {
      const { host, keys } = await api().describe();
      const { text, headers } = await api().call('/.well-known/jwks.json');
      expect(JSON.parse(text)).toEqual({ keys: keys.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' })) });
      expect(keys.map(({ kid }) => kid)).toEqual([host]);
      expect(headers.get('cache-control')).toContain('max-age');
    });
  });
};
