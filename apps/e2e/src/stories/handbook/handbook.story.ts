import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readPublicKeyFile } from '@muster/trust';
import { startAuthority } from '../../authority/authority.js';
import { openDesk } from '../../muster/desk.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import { auditLedgers } from './audit.js';
import { activateByTelephone } from './by-telephone.js';
import { countOnlyEnrolled, LOOP } from './enrolment.js';
import { activateHosts, issueHostKeys } from './host-activation.js';
import { retireHost, revokeHost } from './last-chapter.js';
import { musterMachines } from './machines.js';
import { activateForGood } from './multiple-activation.js';
import { qualifyForUpgrade } from './qualification.js';
import { rotateKeys } from './rotation.js';
import type { Scene } from './scene.js';
import { TALKATIVE } from './scene.js';

/** Six hosts and one more by the key for workstations, and one by the key for servers. */
const HOST_ACTIVATIONS = 8;

/**
 * Handbook: what an administrator's handbook of volume activation describes, typed as it says, from the vendor's root key to the retirement of a host.
 */
const setUp = async (stage: Stage) => {
  stage.step('A vendor makes its root key and an intermediate, puts the root away, runs its authority, and issues a host key for workstations and one for servers');
  const desk = openDesk(stage.dir);
  const dataDir = join(stage.dir, 'authority');
  await desk.type(['authority', 'init', '--vendor', 'acme', '--data', dataDir]);
  const vendorRoot = join(dataDir, 'keys', 'vendor-root.public.json');
  // Into the safe: nothing below needs it.
  renameSync(join(dataDir, 'keys', 'vendor-root.private.json'), join(stage.dir, 'vendor-root.private.json'));
  const hosts = Promise.all([stage.startHost({ name: 'office', vendorRoot, controlledClock: true, asDelivered: true, env: TALKATIVE }), stage.startHost({ name: 'plant', vendorRoot, asDelivered: true, env: TALKATIVE })]);
  hosts.catch(() => undefined); // told where they are waited for
  const authority = await startAuthority(dataDir, { env: TALKATIVE });
  stage.onEnd(() => authority.end());
  const secrets = new Set<string>();
  const keys = await issueHostKeys({ stage, desk, authority, secrets });
  const [office, plant] = await hosts;
  const scene: Scene = { stage, desk, authority, root: await readPublicKeyFile(vendorRoot), secrets, office, plant };
  return { scene, keys };
};

const tell = async (stage: Stage): Promise<string> => {
  const { scene, keys } = await setUp(stage);
  const { office } = scene;
  await activateHosts(scene, keys);
  const plant = await activateByTelephone(scene, keys);
  const { first } = await musterMachines(scene, plant);
  const permanentActivations = await activateForGood(scene);
  await qualifyForUpgrade(scene);
  await countOnlyEnrolled(scene);
  await rotateKeys(scene, first);
  await revokeHost(scene, plant);
  await retireHost(scene);

  stage.step('The ledgers from their first events: whole, of one mind with each other, and without any key or token');
  for (const { dataDir } of [office, plant]) scene.secrets.add(readFileSync(join(dataDir, 'operator-token'), 'utf8').trim());
  const events = await auditLedgers(scene, [office.api, plant.api], { hostActivations: HOST_ACTIVATIONS, permanentActivations });
  return `${HOST_ACTIVATIONS} activations of hosts by two keys, the seventh host after an exception and one by codes that were read out; ${permanentActivations} permanent activations, two of them by proxy; ${LOOP} keys out of a loop moved no count; in ${events.join(' + ')} events stands no key and no token.`;
};

export const handbook: Story = {
  name: 'handbook',
  sentence: 'The handbook, typed as it says: from the vendor’s root key over six hosts and an exception to the retirement of a host.',
  timeoutMs: 300_000,
  tell,
};
