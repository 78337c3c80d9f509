import assert from 'node:assert/strict';
import type { ActivationAnswer } from '@muster/contracts';
import { openClockControl } from '@muster/devstack';
import { toNumericDate } from '@muster/kernel';
import { aMachine, eventually } from '@muster/testing';
import { verifyLease } from '@muster/trust';
import type { SignedWish } from '../../fleet/wish.js';
import { signWish } from '../../fleet/wish.js';
import { HANG_MS } from '../../host/host-api.js';
import type { Granted } from './machines.js';
import type { Scene } from './scene.js';
import { WORKSTATION } from './vendor-catalogue.js';

const leaseOf = (answer: ActivationAnswer): string => {
  if (!('lease' in answer)) throw new Error(`${answer.outcome} without a lease`);
  return answer.lease;
};

const signerOf = (lease: string): unknown => (JSON.parse(Buffer.from(lease.split('.')[0] ?? '', 'base64url').toString()) as { readonly kid?: unknown }).kid;

const checkLease = async ({ root }: Scene, { wish, answer }: Granted, { nowMs, signer }: { readonly nowMs: number; readonly signer: string | null }): Promise<void> => {
  await verifyLease(leaseOf(answer), { root, machine: wish.machine.id, product: wish.product, atMs: nowMs });
  assert.equal(signerOf(leaseOf(answer)), signer);
};

/** Another key signs, twice: on a day that was chosen, and because the one that signs got out. A repeat is the same outcome each time. */
export const rotateKeys = async (scene: Scene, first: Granted): Promise<void> => {
  const { stage, desk, office } = scene;
  const clock = openClockControl(office.clockFile);
  const here = ['--data', office.dataDir];
  const signingKey = async (): Promise<string | null> => (await office.api.describe()).signingKey;
  const ask = async (seed: string): Promise<Granted> => {
    const wish: SignedWish = await signWish(aMachine(seed), { product: WORKSTATION }, { iat: toNumericDate(clock.nowMs()) });
    return { wish, answer: await office.api.activate(wish.jws) };
  };

  stage.step('Another key is to sign: it is published first, and signs five minutes later; a repeat of what the key before it signed is the same, byte for byte');
  const host = await signingKey();
  const rotated = desk.type(['host', 'rotate-key', ...here]);
  rotated.catch(() => undefined); // told where it is waited for
  await eventually(async () => assert.equal((await office.api.describe()).announcedKeys.length, 1), { timeoutMs: HANG_MS });
  assert.equal(await signingKey(), host, 'published, and not used yet');
  await desk.type(['host', 'clock', '--advance', '6m', ...here]);
  assert.match(await rotated, /signs from position \d+ on, in place of/);
  const second = await ask('handbook-rotated');
  const rotatedKey = await signingKey();
  assert.notEqual(rotatedKey, host);
  await checkLease(scene, second, { nowMs: clock.nowMs(), signer: rotatedKey });
  assert.deepEqual(await office.api.activate(first.wish.jws), first.answer);

  stage.step('That key gets out: it signs nothing more from the moment on; a repeat is the same lease, signed by the key that signs now');
  await desk.type(['host', 'rotate-key', '--compromised', ...here]);
  const repeated = { wish: second.wish, answer: await office.api.activate(second.wish.jws) };
  await checkLease(scene, repeated, { nowMs: clock.nowMs(), signer: await signingKey() });
  assert.notEqual(leaseOf(repeated.answer), leaseOf(second.answer));
  assert.deepEqual({ ...repeated.answer, lease: '' }, { ...second.answer, lease: '' });
};
