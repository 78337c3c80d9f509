import { randomUUID } from 'node:crypto';
import { eventsPageSchema, leasesPageSchema, machinesPageSchema, releaseAnswerSchema, renewalGrantedSchema } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet } from '@muster/testing';
import { signReleaseRequest, signRenewalRequest } from '@muster/trust';
import { SERVER, signWish } from '../fleet/wish.js';
import type { Answer, HostApi } from '../host/host-api.js';
import { jsonOf, problemOf } from '../host/host-api.js';

const JOSE = { 'content-type': 'application/jose' };
/** What each machine says that it drew; any moment will do where few leases run. */
const DRAWN_FOR = 1_772_357_400;
const JSON_BODY = { 'content-type': 'application/json' };

const aboutLease = (lease: string) => ({ jti: randomUUID() as string, iat: toNumericDate(systemClock.nowMs()), lease });

const renewal = (machine: TestMachine, lease: string): Promise<string> =>
  signRenewalRequest({ key: machine.key, payload: { ...aboutLease(lease), machine: { hostname: machine.hostname, virtual: false }, drawnFor: DRAWN_FOR } });

/** A lease from grant to release, over HTTP alone. */
export const describeRenewals = (api: () => HostApi): void => {
  describe('the lease of a machine', () => {
    const fleet = aFleet(5, 'renewals');
    const [first, second] = fleet as readonly [TestMachine, TestMachine, ...TestMachine[]];

    const post = (path: string, body: string): Promise<Answer> => api().call(path, { method: 'POST', headers: JOSE, body });
    const order = (path: string, reason: string): Promise<Answer> => api().operatorCall(path, { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ reason }) });

    /** Once five machines have asked, each gets its lease. */
    const leaseOf = async (machine: TestMachine): Promise<{ readonly leaseId: string; readonly lease: string }> => {
      for (const each of fleet) await api().activate((await signWish(each, { product: SERVER })).jws);
      const answer = await api().activate((await signWish(machine, { product: SERVER })).jws);
      if (answer.outcome !== 'granted') throw new Error('the fifth machine was not granted');
      return answer;
    };

    it('is renewed by a new one that supersedes it, and the same request gets the same bytes', async () => {
      const { leaseId, lease } = await leaseOf(first);
      const request = await renewal(first, lease);
      const answer = await post(`/v1/leases/${leaseId}/renewals`, request);
      expect(answer.status).toBe(201);
      const renewed = renewalGrantedSchema.parse(jsonOf(answer));
      expect(renewed.leaseId).not.toBe(leaseId);
      expect((await post(`/v1/leases/${leaseId}/renewals`, request)).text).toBe(answer.text);
      const { leases } = leasesPageSchema.parse(jsonOf(await api().operatorCall(`/v1/leases?machine=${first.id}`)));
      expect(leases).toMatchObject([{ leaseId: renewed.leaseId, machine: first.id, product: SERVER, standing: 'running' }]);
      const { events } = eventsPageSchema.parse(jsonOf(await api().operatorCall(`/v1/events?machine=${first.id}&type=ActivationRequested&limit=500`)));
      expect(events.at(-1)?.data).toMatchObject({ drawnFor: DRAWN_FOR });
    });

    it('is its own: another machine, another path or a changed lease gets a problem', async () => {
      const { leaseId, lease } = await leaseOf(first);
      const codeOf = async (path: string, body: string) => problemOf(await post(path, body)).code;
      expect(await codeOf(`/v1/leases/${leaseId}/renewals`, await renewal(second, lease))).toBe('lease-not-yours');
      expect(await codeOf(`/v1/leases/${randomUUID()}/renewals`, await renewal(first, lease))).toBe('malformed-request');
      expect(await codeOf(`/v1/leases/${leaseId}/renewals`, await renewal(first, `${lease.slice(0, -4)}AAAA`))).toBe('lease-not-trusted');
      expect(await codeOf(`/v1/leases/${leaseId}/renewals`, (await signWish(first, { product: SERVER })).jws)).toBe('malformed-request');
      expect(problemOf(await api().call(`/v1/leases/${leaseId}/renewals`, { method: 'POST', headers: JSON_BODY, body: '{}' })).code).toBe('unsupported-media-type');
    });

    it('ends when it is given back, and not twice', async () => {
      const { leaseId, lease } = await leaseOf(second);
      const release = await signReleaseRequest({ key: second.key, payload: aboutLease(lease) });
      const answer = await post(`/v1/leases/${leaseId}/releases`, release);
      expect([answer.status, releaseAnswerSchema.parse(jsonOf(answer)).leaseId]).toEqual([200, leaseId]);
      expect((await post(`/v1/leases/${leaseId}/releases`, release)).text).toBe(answer.text);
      expect(problemOf(await post(`/v1/leases/${leaseId}/renewals`, await renewal(second, lease))).code).toBe('lease-released');
    });

    it('is ended by an administrator, with a reason', async () => {
      const { leaseId, lease } = await leaseOf(second);
      expect(problemOf(await order(`/v1/leases/${leaseId}/force-releases`, 'returned')).code).toBe('malformed-request');
      expect((await order(`/v1/leases/${leaseId}/force-releases`, 'lost')).status).toBe(200);
      expect(problemOf(await order(`/v1/leases/${leaseId}/force-releases`, 'lost')).code).toBe('lease-released');
      expect(problemOf(await post(`/v1/leases/${leaseId}/renewals`, await renewal(second, lease))).code).toBe('lease-released');
    });

    it('ends with the machine, which leaves the count at once', async () => {
      const { leaseId, lease } = await leaseOf(first);
      const before = (await api().pools()).pools[0]?.count ?? 0;
      expect((await order(`/v1/machines/${first.id}/retirements`, 'decommissioned')).status).toBe(200);
      expect((await api().pools()).pools[0]?.count).toBe(before - 1);
      expect(problemOf(await post(`/v1/leases/${leaseId}/renewals`, await renewal(first, lease))).code).toBe('lease-released');
      const { machines } = machinesPageSchema.parse(jsonOf(await api().operatorCall('/v1/machines?counted=true&limit=500')));
      expect(machines.map(({ machine }) => machine)).not.toContain(first.id);
      expect(machines.map(({ machine }) => machine)).toContain(second.id);
      expect(problemOf(await order(`/v1/machines/${aFleet(1, 'never seen')[0]?.id}/retirements`, 'lost')).code).toBe('machine-unknown');
    });
  });
};
