import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HostStatistics } from '@muster/contracts';
import { hostStatisticsSchema } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet, eventually } from '@muster/testing';
import { signReleaseRequest, signRenewalRequest } from '@muster/trust';
import { SERVER, signWish, WORKSTATION } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { jsonOf } from '../host/host-api.js';
import { isAlive, killNow } from '../host/processes.js';

const MUSTER = fileURLToPath(new URL('../../../cli/bin/muster.js', import.meta.url));
const RESTART_TIMEOUT_MS = 60_000;

/** As its administrator, on the machine that it runs on. */
const hostStatus = async ({ dataDir, url }: Host, ...options: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [MUSTER, 'host', 'status', '--data', dataDir, '--host', url, ...options])).stdout;

const about = (lease: string) => ({ jti: randomUUID() as string, iat: toNumericDate(systemClock.nowMs()), lease });

type Counters = Readonly<Record<string, number>>;

const increase = (before: Counters, after: Counters): Counters => Object.fromEntries(Object.entries(after).flatMap(([name, count]) => (count === before[name] ? [] : [[name, count - (before[name] ?? 0)]])));

/** By how much each total has risen; those that have not are left out. */
const risen = (before: HostStatistics, after: HostStatistics) => ({
  received: after.requests.received - before.requests.received,
  failed: after.requests.failed - before.requests.failed,
  byLicenceState: increase(before.requests.byLicenceState, after.requests.byLicenceState),
  byOutcome: increase(before.requests.byOutcome, after.requests.byOutcome),
  others: increase(before.others, after.others),
});

/** The figures of `muster host status` after a known list of requests. */
export const describeStatistics = (host: () => Host): void => {
  describe('the statistics of a host', () => {
    const fleet = aFleet(6, 'statistics') as [TestMachine, ...TestMachine[]];
    const api = () => host().api;
    const read = async (): Promise<HostStatistics> => hostStatisticsSchema.parse(jsonOf(await api().operatorCall('/v1/statistics')));
    const post = async (path: string, body: string): Promise<void> => expect((await api().call(path, { method: 'POST', headers: { 'content-type': 'application/jose' }, body })).status).toBeLessThan(300);
    const order = async (path: string): Promise<void> =>
      expect((await api().operatorCall(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"reason":"lost"}' })).status).toBe(200);
    const activate = async (machine: TestMachine, product: string) => api().activate((await signWish(machine, { product })).jws);
    const granted = async (machine: TestMachine) => {
      const answer = await activate(machine, SERVER);
      if (answer.outcome !== 'granted') throw new Error(answer.outcome);
      return answer;
    };
    const renewal = async (machine: TestMachine, { leaseId, lease }: { readonly leaseId: string; readonly lease: string }) => ({
      path: `/v1/leases/${leaseId}/renewals`,
      jws: await signRenewalRequest({ key: machine.key, payload: { ...about(lease), machine: { hostname: machine.hostname, virtual: false } } }),
    });

    it('count each request once, by what its machine was and by what became of it', async () => {
      for (const machine of fleet.slice(1)) await activate(machine, SERVER); // five others: from here on servers are granted
      const [machine] = fleet;
      const before = await read();
      expect(before.position).toBe(await api().head());

      const wish = (await signWish(machine, { product: SERVER })).jws;
      const first = await api().activate(wish);
      await api().activate(wish); // the same request
      if (first.outcome !== 'granted') throw new Error(first.outcome);
      await activate(machine, WORKSTATION); // no lease for this product
      const { path, jws } = await renewal(machine, first);
      for (let time = 0; time < 2; time += 1) await post(path, jws);
      const held = await granted(machine); // while it holds one
      await post(`/v1/leases/${held.leaseId}/releases`, await signReleaseRequest({ key: machine.key, payload: about(held.lease) }));
      const again = await granted(machine); // after it gave it back
      await order(`/v1/leases/${again.leaseId}/force-releases`);
      const last = await granted(machine);
      await order(`/v1/machines/${machine.id}/retirements`); // which ends its lease as well
      const refused = await renewal(machine, last);
      expect((await api().call(refused.path, { method: 'POST', headers: { 'content-type': 'application/jose' }, body: refused.jws })).status).toBeGreaterThanOrEqual(400); // leaves no trace

      const after = await read();
      const outcome = (await api().count('acme')).count >= 25 ? { granted: 5 } : { granted: 4, deferred: 1 };
      expect(risen(before, after)).toEqual({
        received: 7,
        failed: 0,
        byLicenceState: { unlicensed: 4, licensed: 3 },
        byOutcome: { ...outcome, renewed: 1, released: 1 },
        others: { leasesForceReleased: 2, machinesRetired: 1 },
      });
      expect(after.position).toBe(await api().head());
    });

    it('say where the gateway listens', async () => {
      const { hostname, port } = new URL(api().url);
      expect((await read()).listening).toEqual([{ address: hostname, port: Number(port) }]);
    });

    it('are what `muster host status` shows, in words and as JSON', async () => {
      const { position, requests, others } = await read();
      expect(JSON.parse(await hostStatus(host(), '--json'))).toMatchObject({ ready: true, statistics: { position, requests, others } });
      const text = await hostStatus(host());
      expect(text).toContain(`listening     ${new URL(api().url).host}\n`);
      expect(text).toMatch(/acme\.server +\d+ +5 +2 hours +7 days +180 days/);
      expect(text).toContain(`requests on record, to position ${position}: ${requests.received} received, ${requests.failed} failed\n`);
      expect(text).toContain(`  released ${requests.byOutcome.released}  `);
    });

    it('are the same after the service that keeps them was killed', async () => {
      const before = await read();
      const [part] = host().partsOf('lease-renewal');
      if (part === undefined) throw new Error('no lease-renewal runs');
      killNow(part.pid);
      await eventually(
        () => {
          const [restarted] = host().partsOf('lease-renewal');
          if (restarted === undefined || restarted.pid === part.pid || !isAlive(restarted.pid)) throw new Error('not restarted yet');
        },
        { timeoutMs: RESTART_TIMEOUT_MS },
      );
      const after = await eventually(read, { timeoutMs: RESTART_TIMEOUT_MS });
      expect({ ...after, asOf: before.asOf }).toEqual(before);
    }, RESTART_TIMEOUT_MS * 2);
  });
};
