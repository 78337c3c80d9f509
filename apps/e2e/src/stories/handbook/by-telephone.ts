import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.js';
import type { HostKeys } from './host-activation.js';
import { misheard, readAloud } from './read-aloud.js';
import type { Scene } from './scene.js';
import { TALKATIVE } from './scene.js';

/** Group that is misheard on the way there, and on the way back. */
const MISHEARD = { there: 4, back: 17 };

const usedBy = async ({ authority }: Scene, keyId: string) => (await authority.keys()).hostKeys.find((key) => key.keyId === keyId)?.hosts.map(({ host, activations }) => ({ host, activations }));

/** The code as somebody types it who reads what `host installation-code` printed. */
const codeOf = async ({ desk, plant }: Scene): Promise<readonly string[]> => {
  const groups = readAloud(await desk.type(['host', 'installation-code', '--data', plant.dataDir]));
  assert.equal(groups.length, 15);
  return groups;
};

const confirmByCode = async (scene: Scene, { servers }: HostKeys): Promise<readonly string[]> => {
  const { desk, authority } = scene;
  const code = await codeOf(scene);
  const confirm = (groups: readonly string[]) => ['authority', 'confirm', '--key', '-', '--code', groups.join(' '), '--data', authority.dataDir];
  await desk.fail(confirm(misheard(code, MISHEARD.there)), { input: servers.key, exit: 'usage', says: new RegExp(`group ${MISHEARD.there}\\b`, 'i') });
  assert.deepEqual(await usedBy(scene, servers.keyId), [], 'a misheard code uses nothing');
  const groups = readAloud(await desk.type(confirm(code), { input: servers.key }));
  assert.equal(groups.length, 29);
  return groups;
};

/** The host whose directory was lost, but for its key pair and what was pinned. */
const reinstall = async ({ stage, plant }: Scene): Promise<Host> => {
  await plant.stop();
  const dataDir = join(stage.dir, 'plant-again');
  mkdirSync(join(dataDir, 'vendor'), { recursive: true, mode: 0o700 });
  for (const file of ['vendor-root.public.json', 'host-key.private.json']) copyFileSync(join(plant.dataDir, 'vendor', file), join(dataDir, 'vendor', file));
  return stage.startHost({ name: 'plant-again', asDelivered: true, env: TALKATIVE, vendorRoot: join(dataDir, 'vendor', 'vendor-root.public.json') });
};

/** Activates a host that nothing but a telephone reaches; answers it as it is after a reinstallation. */
export const activateByTelephone = async (scene: Scene, keys: HostKeys): Promise<Host> => {
  const { stage, desk, plant } = scene;
  const installed = (host: Host) => desk.type(['host', 'install-key', '-', '--policies', keys.policiesFile, '--data', host.dataDir], { input: keys.servers.key });
  stage.step('The other host gets the key for servers, and its line is cut: it is activated by codes that are read out; one digit is misheard on each way, and the group is named');
  await installed(plant);
  const confirmation = await confirmByCode(scene, keys);
  const before = await plant.api.head();
  await desk.fail(['host', 'confirm', ...misheard(confirmation, MISHEARD.back), '--data', plant.dataDir], { exit: 'usage', says: new RegExp(`group ${MISHEARD.back}\\b`, 'i') });
  assert.equal(await plant.api.head(), before, 'a misheard confirmation leaves no trace');
  assert.match(await desk.type(['host', 'confirm', ...confirmation, '--data', plant.dataDir]), /Activated: host/);
  assert.equal((await plant.api.describe()).claims?.coversGroup, 'servers');
  stage.note(`15 groups there, ${confirmation.length} back`);

  stage.step('That host is installed anew with its own key pair: the confirmation on the slip of paper activates it again, and nothing is used up');
  const used = await usedBy(scene, keys.servers.keyId);
  const again = await reinstall(scene);
  assert.equal((await again.api.describe()).host, null);
  await installed(again);
  assert.match(await desk.type(['host', 'confirm', confirmation.join(' '), '--data', again.dataDir]), /Activated: host/);
  assert.equal((await again.api.describe()).host, used?.[0]?.host);
  assert.deepEqual(await usedBy(scene, keys.servers.keyId), used);
  assert.deepEqual(used?.map(({ activations }) => activations), [1]);
  return again;
};
