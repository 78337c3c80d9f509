import assert from 'node:assert/strict';
import { eventually } from '@muster/testing';
import { POOL } from '../../../fleet/wish.js';
import type { FirstHost } from '../first-host.js';
import { aClient } from '../client.js';
import { atSite, BERLIN, claimIn, CORP, GENERAL, LAB, LAB_GENERAL, listed } from '../names.js';
import type { Scene } from '../scene.js';
import { describeDns, eventsOf, PATIENCE, untilListed } from '../scene.js';

/** A host appears in DNS by being activated, and not before. */
export const appear = async (scene: Scene, { activate }: FirstHost): Promise<void> => {
  const { stage, dns, host, first } = scene;
  stage.step('A host runs that nobody has activated: its gateway says where it is reached, and its registrar publishes nothing');
  await eventually(async () => {
    const { text } = await host.api.call('/readyz');
    assert.ok(text.includes(`as ${first.endpoint}`), text);
  }, PATIENCE);
  const { serving, domains } = await describeDns(host);
  assert.deepEqual([serving, domains.map(({ domain }) => domain)], [false, [CORP, LAB]]);
  assert.deepEqual([await dns.srv(GENERAL), await dns.srv(LAB_GENERAL), scene.proxy.updates().length], [[], [], 0]);

  stage.step('Its administrator activates it: it stands in DNS');
  await activate();
  const activatedMs = performance.now();
  await untilListed(dns, GENERAL, [listed(first)]);
  const tookMs = performance.now() - activatedMs;
  for (const name of [LAB_GENERAL, atSite(BERLIN)]) await untilListed(dns, name, [listed(first)]);
  assert.deepEqual(await dns.txt(GENERAL), [`v=muster1 target=${first.target} port=${first.port} scheme=http`]);
  assert.match((await dns.txt(claimIn(CORP, first)))[0] ?? '', /^v=muster-claim1 deployment=[0-9a-f]{32} epoch=\d+ at=\S+ state=active$/);
  stage.note(`after ${(tookMs / 1000).toFixed(1)} s: dig SRV ${GENERAL} → ${await dns.dig(GENERAL)}`);
  await eventually(async () => {
    const published = await eventsOf(host, 'ServiceRecordPublished');
    const [record] = published.filter(({ name }) => name === GENERAL);
    assert.ok(record?.rcode === 'NOERROR' && record.server === scene.proxy.address && (record.serial ?? 0) > 0, JSON.stringify(published));
  }, PATIENCE);
  scene.figures.set('appearedMs', Math.round(tookMs));

  stage.step('A machine that was told its domain, and nothing else, is activated and counted');
  const client = await aClient(scene, 'told-the-domain', { domain: CORP });
  assert.equal((await client.activate()).host, `http://${first.endpoint}`);
  assert.equal((await host.api.count(POOL)).count, 1);
};
