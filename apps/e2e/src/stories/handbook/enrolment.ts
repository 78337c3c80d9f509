import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFleet } from '@muster/testing';
import { signWish } from '../../fleet/wish.js';
import type { Scene } from './scene.js';
import { expectActivation } from './scene.js';
import { KIOSK, KIOSKS, THRESHOLDS } from './vendor-catalogue.js';

/** How many keys somebody makes who would like to be counted. */
export const LOOP = 100;
/** A thief is not patient, and a host has limits by address. */
const AT_ONCE = 10;

const threshold = THRESHOLDS[KIOSK];

/** Somebody on the network makes keys and asks with each. */
const makeKeysInALoop = async ({ office }: Scene): Promise<void> => {
  const thief = aFleet(LOOP, 'handbook-loop');
  for (let from = 0; from < LOOP; from += AT_ONCE) {
    const wishes = await Promise.all(thief.slice(from, from + AT_ONCE).map((machine) => signWish(machine, { product: KIOSK })));
    await Promise.all(wishes.map((wish) => expectActivation(office, wish, { outcome: 'deferred', count: 0, threshold })));
  }
};

/** A pool that counts only machines which enrolled: keys in a loop do not move it. */
export const countOnlyEnrolled = async (scene: Scene): Promise<void> => {
  const { stage, desk, authority, office, secrets } = scene;
  stage.step(`Where the vendor counts only enrolled machines: a loop makes ${LOOP} keys, and the count stays 0; those with the organisation's token count`);
  await makeKeysInALoop(scene);
  assert.equal((await office.api.count(KIOSKS)).count, 0);

  const token = (await desk.type(['enrolment', 'create', '--uses', String(threshold), '--expires', '1d', '--data', office.dataDir])).trim();
  secrets.add(token);
  const file = join(stage.dir, 'enrolment-token');
  writeFileSync(file, token, { mode: 0o600 });
  const kiosk = (name: string) => ['machine', 'activate', '--product', KIOSK, '--dir', join(stage.dir, 'machines', name), '--root', authority.rootFile, '--host', office.url];
  const env = { MUSTER_ENROLMENT_TOKEN_FILE: file };
  await desk.fail(kiosk('kiosk-1'), { env, exit: 'notActivated', says: /count 1, threshold 2/ });
  assert.match(await desk.type(kiosk('kiosk-2'), { env }), /verified against the vendor's root key/);
  await desk.fail(kiosk('kiosk-3'), { env, exit: 'conflict', says: /enrolment-not-valid/ });
  const [visitor] = aFleet(1, 'handbook-visitor');
  if (visitor === undefined) throw new Error('no machine');
  await expectActivation(office, await signWish(visitor, { product: KIOSK }), { outcome: 'granted', count: threshold, threshold });
  assert.match(await desk.type(['enrolment', 'list', '--data', office.dataDir]), /2 of 2/);
};
