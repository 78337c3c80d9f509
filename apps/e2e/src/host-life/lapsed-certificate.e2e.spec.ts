import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClockControl } from '@muster/devstack';
import { DAY_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import { aMachine, eventually } from '@muster/testing';
import { generateKeyPair, verifyLease } from '@muster/trust';
import { signRenewal, signWish, WORKSTATION } from '../fleet/wish.js';
import { certifyHost } from '../host/certify-host.js';
import { startHost } from '../host/host.js';
import { decisionOf, problemOf } from '../host/host-api.js';
import { openDesk } from '../muster/desk.js';

const TEST_TIMEOUT_MS = 240_000;
const VALID_DAYS = 10;
const GRACE_DAYS = 5;

const dir = mkdtempSync(join(tmpdir(), 'muster-lapsed-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const policy = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 7200 };

it(
  'a certificate past its end serves renewals for its grace, loudly, and nobody new; verifiers that are off line agree',
  async () => {
    const [dataDir, vendorKey, startMs] = [join(dir, 'data'), generateKeyPair(), systemClock.nowMs()];
    const products = [{ name: WORKSTATION, group: 'acme-workstation', pool: 'acme', threshold: 1, ...policy }];
    await certifyHost(dataDir, { vendorKey, nowMs: startMs, overrides: { exp: toNumericDate(startMs) + VALID_DAYS * DAY_SECONDS, renewalGraceSeconds: GRACE_DAYS * DAY_SECONDS, products } });
    const host = await startHost({ dataDir, controlledClock: true });
    try {
      const clock = openClockControl(host.clockFile);
      const machine = aMachine('old');
      const first = decisionOf(await host.api.post(await signWish(machine, { product: WORKSTATION }, { iat: toNumericDate(clock.nowMs()) })));
      if (!('lease' in first)) throw new Error(first.outcome);

      clock.advance((VALID_DAYS + 1) * DAY_SECONDS);
      expect(problemOf(await host.api.post(await signWish(aMachine('new'), { product: WORKSTATION }, { iat: toNumericDate(clock.nowMs()) }))).code).toBe('host-certificate-not-valid');
      const renewed = decisionOf(await host.api.post(await signRenewal(machine, { product: WORKSTATION, leaseId: first.leaseId, lease: first.lease }, clock)));
      if (renewed.outcome !== 'renewed') throw new Error(renewed.outcome);
      const verified = await verifyLease(renewed.lease, { root: vendorKey.publicJwk, atMs: clock.nowMs(), machine: machine.id });
      expect(verified.claims.renews).toBe(first.leaseId);

      await eventually(() => expect(host.process.output()).toContain('host certificate-lapsed: it ended at'));
      // What a service says of itself may be a second old: `host run` asked both whether they are ready just before the clock moved.
      const status = await eventually(async () => {
        const said = await openDesk(dir).type(['host', 'status', '--data', dataDir]);
        expect(said.match(/ready .*host: certificate-lapsed: .*renewals alone are served/g)).toHaveLength(2);
        return said;
      });
      expect(status).toMatch(/^certificate {3}LAPSED: renewals alone are served, until /m);

      clock.advance(GRACE_DAYS * DAY_SECONDS);
      const late = await host.api.post(await signRenewal(machine, { product: WORKSTATION, leaseId: renewed.leaseId, lease: renewed.lease }, clock));
      expect(problemOf(late).code).toBe('host-certificate-not-valid');
    } finally {
      await host.end();
    }
  },
  TEST_TIMEOUT_MS,
);
