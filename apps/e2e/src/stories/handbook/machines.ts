import assert from 'node:assert/strict';
import type { ActivationAnswer } from '@muster/contracts';
import { systemClock } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet } from '@muster/testing';
import type { SignedWish } from '../../fleet/wish.js';
import { signWish } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import { verifyAnswer } from '../../ledger/audit-answers.js';
import type { Scene } from './scene.js';
import { expectActivation, expectProblem } from './scene.js';
import { POOL, SERVER, THRESHOLDS, WORKSTATION } from './vendor-catalogue.js';

/** A wish that was granted, as the machine keeps it. */
export interface Granted {
  readonly wish: SignedWish;
  readonly answer: ActivationAnswer;
}

export interface Mustered {
  /** Granted by the first host, while the host key itself signs. */
  readonly first: Granted;
  readonly counted: number;
  readonly refused: number;
}

const last = THRESHOLDS[WORKSTATION];

/** Workstations until the threshold; the one that meets it is granted. */
const muster = async ({ office, root }: Scene, machines: readonly TestMachine[]): Promise<Granted> => {
  for (const [index, machine] of machines.entries()) {
    const count = index + 1;
    const wish = await signWish(machine, { product: WORKSTATION });
    const answer = await expectActivation(office, wish, { outcome: count < last ? 'deferred' : 'granted', count, threshold: last });
    await verifyAnswer({ wish, answer }, { root, nowMs: systemClock.nowMs() });
    if (count === last) return { wish, answer };
  }
  throw new Error(`${machines.length} machines do not meet the threshold`);
};

/** The servers of a host whose key covers them: lower groups are served with the higher one. */
const musterServers = async (plant: Host, [first, second, third]: readonly [TestMachine, TestMachine, TestMachine]): Promise<void> => {
  const threshold = THRESHOLDS[SERVER];
  await expectActivation(plant, await signWish(first, { product: SERVER }), { outcome: 'deferred', count: 1, threshold });
  await expectActivation(plant, await signWish(second, { product: SERVER }), { outcome: 'granted', count: 2, threshold });
  await expectActivation(plant, await signWish(third, { product: WORKSTATION }), { outcome: 'granted', count: 3, threshold: last });
};

/** Machines of the group that a host covers are activated, and those of the other are refused, on record. */
export const musterMachines = async (scene: Scene, plant: Host): Promise<Mustered> => {
  const { stage, office } = scene;
  stage.step(`Workstations ask the first host: the count rises, and the ${last}rd gets a lease; a server is refused there, on record, and counts for nothing`);
  const first = await muster(scene, aFleet(last, 'handbook-office'));
  const [server] = aFleet(1, 'handbook-stray') as [TestMachine];
  const { detail } = await expectProblem(office, server, SERVER, 'product-not-covered');
  const { events } = await office.api.ledger();
  assert.equal(events.filter(({ type, subject }) => type.includes('ActivationRefused') && subject === server.id).length, 1, detail);
  assert.equal((await office.api.count(POOL)).count, last);

  stage.step('The other host covers servers, and with them the lower group');
  const fleet = aFleet(3, 'handbook-plant') as unknown as readonly [TestMachine, TestMachine, TestMachine];
  await musterServers(plant, fleet);
  return { first, counted: last + fleet.length, refused: 1 };
};
