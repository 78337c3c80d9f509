import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openMachine } from '@muster/client';
import { openClockControl } from '@muster/devstack';
import { systemClock, toNumericDate } from '@muster/kernel';
import { aMachine } from '@muster/testing';
import { signWish } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import { problemOf } from '../../host/host-api.js';
import type { Scene } from './scene.js';
import { expectProblem } from './scene.js';
import { SERVER, WORKSTATION } from './vendor-catalogue.js';

/** A machine asks for the list once a day. */
const A_DAY_LATER = '25h';

/** The vendor takes its word for a host back: the host stops, and a client that held a lease of it hears of it from another host. */
export const revokeHost = async (scene: Scene, plant: Host): Promise<void> => {
  const { stage, desk, authority, office, root } = scene;
  stage.step('The vendor revokes the certificate of the other host: that host serves nobody any more, and a machine with its lease hears of it from the first host');
  const clock = openClockControl(office.clockFile);
  let [nowMs, hosts] = [() => systemClock.nowMs(), [plant.url]];
  const machine = await openMachine({ dir: join(stage.dir, 'machines', 'revoked'), product: SERVER, root, hosts: { hosts: () => Promise.resolve(hosts) }, clock: { nowMs: () => nowMs() } });
  await machine.activate();
  assert.ok((await machine.verify()).verified, 'the lease is good before');
  const certificate = (await plant.api.describe()).claims?.jti ?? '';
  assert.match(await desk.type(['authority', 'revoke-certificate', certificate, '--reason', 'compromised', '--data', authority.dataDir]), /Revoked/);
  for (const { dataDir } of [office, plant]) assert.match(await desk.type(['host', 'install-revocations', '--authority', authority.url, '--data', dataDir]), /Installed: revocation list 1/);
  await expectProblem(plant, aMachine('handbook-after-revocation'), SERVER, 'host-revoked');
  assert.ok((await machine.verify()).verified, 'nobody has told the machine yet');

  await desk.type(['host', 'clock', '--advance', A_DAY_LATER, '--data', office.dataDir]);
  [nowMs, hosts] = [() => clock.nowMs(), [office.url]];
  await machine.renew();
  const verification = await machine.verify();
  assert.ok(!verification.verified, 'the lease of a revoked host is believed no more');
  stage.note(verification.detail);
};

/** The end of a host, by its administrator. */
export const retireHost = async ({ stage, desk, office }: Scene): Promise<void> => {
  stage.step('The first host is retired: machines are told so');
  assert.match(await desk.type(['host', 'retire', '--reason', 'replaced', '--data', office.dataDir]), /serves nobody any more/);
  const { jws } = await signWish(aMachine('handbook-late'), { product: WORKSTATION }, { iat: toNumericDate(openClockControl(office.clockFile).nowMs()) });
  const problem = problemOf(await office.api.postRequest(jws));
  assert.equal(problem.code, 'host-retired', problem.detail);
};
