import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Scene } from './scene.js';
import { firmwareDirectory } from './slic-table.js';
import { MARKER, REMEDY, UPGRADE } from './vendor-catalogue.js';

/** A product that is licensed as an upgrade only: the firmware's tables say whether a machine has what it upgrades. */
export const qualifyForUpgrade = async (scene: Scene): Promise<void> => {
  const { stage, desk, authority, office } = scene;
  stage.step('An upgrade is refused on a machine whose firmware table lacks the marker, with the remedy; it is activated with the marker, and where there is no table');
  const activate = (name: string, flag?: string) => {
    const firmware = firmwareDirectory(join(stage.dir, 'firmware', name), flag);
    return ['machine', 'activate', '--product', UPGRADE, '--dir', join(stage.dir, 'machines', name), '--root', authority.rootFile, '--host', office.url, '--evidence', firmware];
  };
  const refused = await desk.fail(activate('unmarked', 'OTHER'), { exit: 'conflict', says: /qualification-missing/ });
  assert.ok(refused.includes(REMEDY), refused);
  for (const [name, flag] of [['marked', MARKER], ['plain', undefined]] as const) assert.match(await desk.type(activate(name, flag)), /verified against the vendor's root key/);
};
