import assert from 'node:assert/strict';
import { aClient } from '../client.js';
import { BERLIN, CORP, GENERAL, LAB, MUNICH } from '../names.js';
import type { Typed } from '../../../muster/launch-muster.js';
import type { Scene } from '../scene.js';
import { typeAt } from '../scene.js';

/** `muster doctor`, at the machine that the directory is of. */
export const examine = ({ dns, host, rootFile }: Scene, machineDir: string, code: number): Promise<Typed> =>
  typeAt(host, ['doctor', '--domain', CORP, LAB, '--site', BERLIN, MUNICH, '--resolver', dns.address, '--dir', machineDir, '--root', rootFile], code);

/** What the commands say while all is as it should be. */
export const examineHealthy = async (scene: Scene): Promise<void> => {
  const { stage, host, first } = scene;
  stage.step('`dns check`, `dns records` and `doctor` agree that all is as it should be');
  assert.match((await typeAt(host, ['dns', 'check'])).stdout, new RegExp(CORP));
  const { stdout } = await typeAt(host, ['dns', 'records', '--format', 'bind']);
  assert.ok(stdout.includes(`${GENERAL}.`) && stdout.includes(first.target), stdout);
  const client = await aClient(scene, 'examined', { domain: CORP });
  await client.activate();
  await examine(scene, client.dir, 0);
};

const FINDINGS = 8;

/** And when nobody is left. */
export const examineRetired = async (scene: Scene): Promise<void> => {
  const { stage, host } = scene;
  stage.step('`dns records` has nothing to enter any more, and `doctor` says that nobody is found');
  const { stdout } = await typeAt(host, ['dns', 'records', '--format', 'bind']);
  assert.ok(!/ SRV /.test(stdout), stdout);
  await typeAt(host, ['dns', 'check']);
  const client = await aClient(scene, 'comes-too-late', { domain: CORP });
  assert.equal((await client.discover()).code, 7);
  await examine(scene, client.dir, FINDINGS);
};
