import { createHash, randomUUID } from 'node:crypto';
import type { Role } from '@muster/contracts';
import { accessTokenCreatedAnswerSchema, accessTokenRevokedAnswerSchema, accessTokensPageSchema, eventsPageSchema, retireAnswerSchema, roles } from '@muster/contracts';
import { aMachine, eventually } from '@muster/testing';
import { signWish, WORKSTATION } from '../fleet/wish.js';
import type { Answer, HostApi } from '../host/host-api.js';
import { jsonOf, problemOf } from '../host/host-api.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** A revoked token is refused everywhere within this. */
const REVOKED_MS_MAX = 5000;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly roles: readonly Role[] | undefined;
  readonly secured: boolean;
  readonly bodyType: string | undefined;
}

interface Described {
  readonly 'x-muster-roles'?: readonly Role[];
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: object };
}

/** Who may ask what, decided here a second time and not only beside the routes. */
const mayAsk: Readonly<Record<string, readonly Role[]>> = {
  'GET /metrics': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/pools': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/pools/{pool}/count': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/statistics': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/machines': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/leases': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/dns': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/dns/records': ['viewer', 'operator', 'auditor', 'admin'],
  'GET /v1/dns/plan': ['viewer', 'operator', 'auditor', 'admin'],
  'POST /v1/dns/applications': ['operator', 'admin'],
  'POST /v1/dns/publications': ['operator', 'admin'],
  'POST /v1/dns/withdrawals': ['operator', 'admin'],
  'PUT /v1/dns/preferences': ['operator', 'admin'],
  'POST /v1/dns/take-overs': ['operator', 'admin'],
  'POST /v1/dns/scavenges': ['operator', 'admin'],
  'POST /v1/machines/{machine}/retirements': ['operator', 'admin'],
  'POST /v1/leases/{leaseId}/force-releases': ['operator', 'admin'],
  'POST /v1/time-steps': ['operator', 'admin'],
  'GET /v1/enrolment-tokens': ['operator', 'admin'],
  'POST /v1/enrolment-tokens': ['operator', 'admin'],
  'DELETE /v1/enrolment-tokens/{tokenId}': ['operator', 'admin'],
  'GET /v1/installation-requests': ['operator', 'admin'],
  'POST /v1/installation-confirmations': ['operator', 'admin'],
  'GET /v1/events': ['auditor', 'admin'],
  'POST /v1/replays': ['auditor', 'admin'],
  'GET /v1/access-tokens': ['auditor', 'admin'],
  'POST /v1/access-tokens': ['admin'],
  'DELETE /v1/access-tokens/{tokenId}': ['admin'],
  'POST /v1/host/keys': ['admin'],
  'POST /v1/host/confirmations': ['admin'],
  'POST /v1/host/retirements': ['admin'],
  'POST /v1/host/signing-keys': ['admin'],
  'POST /v1/host/signing-key-changes': ['admin'],
  'POST /v1/revocations': ['admin'],
};

const operationsOf = async (api: HostApi): Promise<readonly Operation[]> => {
  const { paths } = jsonOf(await api.call('/openapi.json')) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      roles: described['x-muster-roles'],
      secured: (described.security ?? []).length > 0,
      bodyType: described.requestBody === undefined ? undefined : Object.keys(described.requestBody.content)[0],
    })),
  );
};

/** Names that nothing has, and a body that no order is: whoever is let in changes nothing. */
const NOBODY = createHash('sha256').update('nobody').digest('base64url');
const parameters: Readonly<Record<string, () => string>> = { pool: () => 'acme', machine: () => NOBODY, leaseId: randomUUID, tokenId: randomUUID };
const concrete = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name: string) => (parameters[name] ?? randomUUID)());

const ask = (api: HostApi, { method, path, bodyType }: Operation, token: string | undefined): Promise<Answer> =>
  api.call(concrete(path), {
    method,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(bodyType === undefined ? {} : { 'content-type': bodyType }) },
    ...(bodyType === undefined ? {} : { body: 'not an order' }),
  });

const create = async (api: HostApi, order: object) => accessTokenCreatedAnswerSchema.parse(jsonOf(await api.operatorCall('/v1/access-tokens', { method: 'POST', headers: JSON_BODY, body: JSON.stringify(order) })));

/** T16: every operation that the host describes, as every role and as nobody. */
export const describeRoles = (api: () => HostApi): void => {
  describe('access tokens', () => {
    const tokens = new Map<Role, string>();
    beforeAll(async () => {
      for (const role of roles) tokens.set(role, (await create(api(), { role, expiresInSeconds: 3600 })).token);
    });

    it('open to each role what its role may, everywhere', async () => {
      const operations = await operationsOf(api());
      for (const operation of operations.filter(({ secured }) => secured)) {
        const name = `${operation.method} ${operation.path}`;
        const nobody = await ask(api(), operation, undefined);
        expect([name, nobody.status, problemOf(nobody).code]).toEqual([name, 401, 'unauthorized']);
        for (const role of roles) {
          const answer = await ask(api(), operation, tokens.get(role));
          if (operation.roles?.includes(role) === true) {
            expect([name, role, answer.status === 401 || (answer.status === 403 && problemOf(answer).code === 'forbidden')]).toEqual([name, role, false]);
            expect([name, role, answer.status < 500]).toEqual([name, role, true]);
          } else {
            expect([name, role, answer.status, problemOf(answer).code]).toEqual([name, role, 403, 'forbidden']);
          }
        }
      }
    });

    it('are asked for at every route but those of machines and supervisors, and by no more roles than were meant', async () => {
      const operations = await operationsOf(api());
      expect(operations.every(({ secured, roles: named }) => secured === (named !== undefined))).toBe(true);
      const described = Object.fromEntries(operations.flatMap(({ method, path, roles: named }) => (named === undefined ? [] : [[`${method} ${path}`, named]])));
      expect(described).toMatchObject(mayAsk);
      const unmentioned = Object.entries(described).filter(([name]) => !(name in mayAsk));
      // Whatever is added later is at least not open to those who only look.
      expect(unmentioned.filter(([name, named]) => !name.startsWith('GET ') && named.includes('viewer'))).toEqual([]);
    });

    it('mean nothing at open routes', async () => {
      for (const operation of (await operationsOf(api())).filter(({ secured }) => !secured)) {
        const answers = await Promise.all([undefined, 'x'.repeat(43), tokens.get('viewer')].map((token) => ask(api(), operation, token)));
        expect(answers.map(({ status }) => status === 401)).toEqual([false, false, false]);
        expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
      }
    });

    it('are refused once they have ended, and within five seconds of being revoked', async () => {
      const { token, tokenId } = await create(api(), { role: 'viewer', expiresInSeconds: 2, note: 'short-lived' });
      const asked = (bearer: string) => api().call('/v1/pools', { headers: { authorization: `Bearer ${bearer}` } });
      expect((await asked(token)).status).toBe(200);
      const lasting = await create(api(), { role: 'viewer' });
      expect((await asked(lasting.token)).status).toBe(200);
      accessTokenRevokedAnswerSchema.parse(jsonOf(await api().operatorCall(`/v1/access-tokens/${lasting.tokenId}`, { method: 'DELETE' })));
      const revokedAtMs = performance.now();
      await eventually(async () => expect((await asked(lasting.token)).status).toBe(401), { timeoutMs: REVOKED_MS_MAX, intervalMs: 100 });
      expect(performance.now() - revokedAtMs).toBeLessThanOrEqual(REVOKED_MS_MAX);
      await eventually(async () => expect(problemOf(await asked(token)).detail).toContain('ended at'), { timeoutMs: REVOKED_MS_MAX });
      const listed = accessTokensPageSchema.parse(jsonOf(await api().operatorCall('/v1/access-tokens?limit=500'))).tokens;
      expect(listed.find((each) => each.tokenId === tokenId)).toMatchObject({ standing: 'expired', note: 'short-lived' });
      expect(listed.find((each) => each.tokenId === lasting.tokenId)).toMatchObject({ standing: 'revoked', note: null });
      expect(JSON.stringify(listed)).not.toContain(token);
    });

    it('are who acted, in the ledger', async () => {
      const { token, tokenId } = await create(api(), { role: 'operator' });
      const machine = aMachine('retired-by-a-token');
      await api().activate((await signWish(machine, { product: WORKSTATION })).jws);
      const retired = await api().call(`/v1/machines/${machine.id}/retirements`, { method: 'POST', headers: { ...JSON_BODY, authorization: `Bearer ${token}` }, body: JSON.stringify({ reason: 'lost' }) });
      const { position } = retireAnswerSchema.parse(jsonOf(retired));
      const { events } = eventsPageSchema.parse(jsonOf(await api().operatorCall(`/v1/events?after=${position - 1}&limit=1`)));
      expect(events).toMatchObject([{ type: 'muster.MachineRetired.v1', actor: `operator:${tokenId}` }]);
    });
  });
};
