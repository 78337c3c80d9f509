import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssuedKey, Scene } from './scene.js';
import { issuedKey } from './scene.js';
import { WORKSTATION } from './vendor-catalogue.js';

/** Machines that activate by themselves before nothing is left. */
const ALLOWANCE = 2;
/** Two isolated machines more. */
const RAISED = 4;

interface Computer {
  readonly name: string;
  readonly dir: string;
  type(command: string, ...options: readonly string[]): readonly string[];
}

/** A computer with `muster` on it; what is typed there names its directory. */
const computerOf = ({ stage, authority }: Scene, name: string): Computer => {
  const dir = join(stage.dir, 'machines', name);
  return { name, dir, type: (command, ...options) => ['machine', ...command.split(' '), '--dir', dir, '--root', authority.rootFile, ...options] };
};

const installKey = async ({ desk, authority }: Scene, { type }: Computer, { key, ending }: IssuedKey): Promise<void> => {
  const printed = await desk.type(type('install-key -', '--product', WORKSTATION, '--authority', authority.url), { input: key });
  assert.ok(printed.includes(ending) && !printed.includes(key), 'it shows the ending, and not the key');
};

const leftOf = async ({ authority }: Scene, { keyId }: IssuedKey) => (await authority.keys()).multipleActivationKeys.find((key) => key.keyId === keyId)?.remaining;

/** Without its key the machine is activated by volume, beside those that are activated for good. */
const changeMethod = async ({ desk, office }: Scene, { type }: Computer): Promise<void> => {
  assert.match(await desk.type(type('remove-key', '--product', WORKSTATION)), /activated by volume again/);
  assert.match(await desk.type(type('activate', '--product', WORKSTATION, '--host', office.url)), /verified against the vendor's root key/);
};

/** Each machine asks the authority, once and for good. */
const activateIndependently = async (scene: Scene, mak: IssuedKey): Promise<void> => {
  const { desk } = scene;
  for (let left = ALLOWANCE - 1; left >= 0; left -= 1) {
    const computer = computerOf(scene, `mak-${ALLOWANCE - left}`);
    await installKey(scene, computer, mak);
    assert.match(await desk.type(computer.type('activate', '--product', WORKSTATION)), new RegExp(`for good .*one activation was used, ${left} left`));
  }
  const first = computerOf(scene, 'mak-1');
  assert.match(await desk.type(first.type('activate', '--product', WORKSTATION)), /nothing was used, 0 left/);
  assert.match(await desk.type(first.type('verify', '--product', WORKSTATION)), /verified: permanent lease/);
  const late = computerOf(scene, 'mak-late');
  await installKey(scene, late, mak);
  const refused = await desk.fail(late.type('activate', '--product', WORKSTATION), { exit: 'conflict', says: /All 2 activations of this key, which ends in .* are used/ });
  assert.match(refused, /allowance-exhausted/);
  await changeMethod(scene, late);
};

/** Through the host, from where each machine fetches its own. */
const activateThroughHost = async (scene: Scene, { key }: IssuedKey): Promise<void> => {
  const { stage, desk, authority, office } = scene;
  const isolated = computerOf(scene, 'isolated');
  const [collection, here] = [join(stage.dir, 'collection.json'), ['--data', office.dataDir]];
  await desk.type(isolated.type('installation-code', '--product', WORKSTATION, '--leave', '--host', office.url, '--hostname', 'isolated.example'));
  assert.match(await desk.type(['proxy', 'collect', '--without-personal-data', '--output', collection, ...here]), /1 installation request collected/);
  assert.ok(!readFileSync(collection, 'utf8').includes('isolated.example'), 'without personal data there is no name in it');
  assert.match(await desk.type(['proxy', 'obtain', collection, '--authority', authority.url, '--key', '-'], { input: key }), /1 obtained, 0 refused, 0 waiting; 1 activation left/);
  assert.ok(!readFileSync(collection, 'utf8').includes(key), 'no key is in it either');
  await desk.type(['proxy', 'apply', collection, ...here]);
  await desk.type(isolated.type('installation-code', '--product', WORKSTATION, '--leave', '--host', office.url));
  assert.match(await desk.type(isolated.type('verify', '--product', WORKSTATION)), /verified: permanent lease/);
};

/** By files alone, for a machine that reaches nobody. */
const activateByFiles = async (scene: Scene, { key }: IssuedKey): Promise<void> => {
  const { stage, desk, authority } = scene;
  const vault = computerOf(scene, 'vault');
  const [request, collection, leases] = ['vault.request.json', 'vault.collection.json', 'leases'].map((name) => join(stage.dir, name)) as [string, string, string];
  await desk.type(vault.type('installation-code', '--product', WORKSTATION, '--output', request, '--hostname', 'vault.example'));
  await desk.type(['proxy', 'collect', request, '--output', collection]);
  assert.ok(readFileSync(collection, 'utf8').includes('vault.example'), 'people find their machines by name');
  assert.match(await desk.type(['proxy', 'obtain', collection, '--authority', authority.url, '--key', '-'], { input: key }), /1 obtained, .* 0 activations left/);
  await desk.type(['proxy', 'apply', collection, '--output', leases]);
  const [file = ''] = readdirSync(leases);
  assert.match(await desk.type(vault.type(`confirm ${join(leases, file)}`)), /activated for good, for example/);
  assert.match(await desk.type(vault.type('verify', '--product', WORKSTATION)), /verified: permanent lease/);
};

/** Permanent activations: each by itself until nothing is left, then by proxy for machines that reach no authority. Answers how many were drawn. */
export const activateForGood = async (scene: Scene): Promise<number> => {
  const { stage, desk, authority } = scene;
  const here = ['--data', authority.dataDir];
  stage.step(`A multiple activation key with ${ALLOWANCE} activations: machines use them, the same machine again uses none, and the next is refused; without its key that one is activated by volume`);
  const terms = ['--organisation', 'example', '--group', 'workstations', '--allowance', String(ALLOWANCE)];
  const mak = issuedKey(scene, await desk.typeJson<IssuedKey>(['authority', 'issue-mak', ...terms, ...here]));
  await activateIndependently(scene, mak);
  assert.equal(await leftOf(scene, mak), 0);

  stage.step('The allowance is raised, and isolated machines are activated by proxy: one through the host, one by files alone');
  await desk.type(['authority', 'raise', mak.ending, '--allowance', String(RAISED), ...here]);
  await activateThroughHost(scene, mak);
  await activateByFiles(scene, mak);
  assert.equal(await leftOf(scene, mak), 0);
  return RAISED;
};
