import assert from 'node:assert/strict';
import { eventually } from '@muster/testing';
import { RECONCILE_SECONDS, SILENT_AFTER_SECONDS, WITHDRAW_AFTER_SECONDS } from '../first-host.js';
import type { FurtherGateway } from '../further-gateway.js';
import { atSite, BERLIN, CORP, DEMOTION, GENERAL, LAB, listed, MUNICH, PRIORITY } from '../names.js';
import type { Scene } from '../scene.js';
import { describeDns, eventsOf, PATIENCE, untilListed } from '../scene.js';

const demoted = { priority: PRIORITY + DEMOTION };
const seconds = (fromMs: number): string => ((performance.now() - fromMs) / 1000).toFixed(0);

/** Within it the registrar compares at least once, jitter included. */
const SEVERAL_COMPARISONS_MS = 4 * RECONCILE_SECONDS * 1000;

/** A gateway that stops in order and starts again changes nothing, neither in DNS nor in its zone's serial. */
const restart = async ({ stage, dns, host }: Scene, gateway: FurtherGateway): Promise<void> => {
  stage.step('A gateway is restarted in order: no serial moves');
  const before = [await dns.serial(CORP), await dns.serial(LAB)];
  const heardAgain = (await eventsOf(host, 'EndpointHeardAgain')).length;
  await gateway.stop();
  await eventually(async () => assert.ok((await eventsOf(host, 'EndpointFellSilent')).some(({ endpoint, cause }) => endpoint === gateway.endpoint && cause === 'stopped')), PATIENCE);
  await gateway.start();
  await eventually(async () => assert.equal((await eventsOf(host, 'EndpointHeardAgain')).length, heardAgain + 1), PATIENCE);
  const heardMs = Date.now();
  await eventually(async () => {
    const compared = (await describeDns(host)).domains.map(({ reconciledAt }) => Date.parse(reconciledAt ?? '0'));
    assert.ok(Math.min(...compared) > heardMs, 'both domains were compared since');
  }, { ...PATIENCE, timeoutMs: Math.max(PATIENCE.timeoutMs, SEVERAL_COMPARISONS_MS) });
  assert.deepEqual([await dns.serial(CORP), await dns.serial(LAB)], before);
};

/** Killed: listed last, then not at all, unless somebody would find nobody else. */
const kill = async (scene: Scene, { munich, spare }: { readonly munich: FurtherGateway; readonly spare: FurtherGateway }): Promise<void> => {
  const { stage, dns, host, first, figures } = scene;
  stage.step('SIGKILL to two gateways: both are listed last, then one is listed no more, and the last one of its site still is');
  const killedMs = performance.now();
  await Promise.all([munich.kill(), spare.kill()]);
  await untilListed(dns, GENERAL, [listed(first), listed(munich, demoted), listed(spare, demoted)], { ...PATIENCE, timeoutMs: PATIENCE.timeoutMs + SILENT_AFTER_SECONDS * 1000 });
  figures.set('demotedSeconds', seconds(killedMs));
  await untilListed(dns, GENERAL, [listed(first), listed(munich, demoted)], { ...PATIENCE, timeoutMs: PATIENCE.timeoutMs + WITHDRAW_AFTER_SECONDS * 1000 });
  figures.set('withdrawnSeconds', seconds(killedMs));
  stage.note(`listed last after ${figures.get('demotedSeconds')} s, withdrawn after ${figures.get('withdrawnSeconds')} s (the registrar was told ${SILENT_AFTER_SECONDS} and ${WITHDRAW_AFTER_SECONDS})`);
  assert.deepEqual(await dns.srv(atSite(MUNICH)), [listed(munich, demoted)], 'the last of its site');
  assert.deepEqual(await dns.srv(atSite(BERLIN)), [listed(first)]);
  assert.deepEqual((await eventsOf(host, 'EndpointWithdrawn')).map(({ endpoint, cause }) => [endpoint, cause]), [[spare.endpoint, 'unheard']]);

  stage.step('Both return: both are listed as before');
  await Promise.all([munich.start(), spare.start()]);
  await untilListed(dns, GENERAL, [listed(first), listed(munich), listed(spare)]);
  await untilListed(dns, atSite(BERLIN), [listed(first), listed(spare)]);
};

export const fallSilent = async (scene: Scene, munich: FurtherGateway, startSpare: () => Promise<FurtherGateway>): Promise<FurtherGateway> => {
  const spare = await startSpare();
  await untilListed(scene.dns, GENERAL, [listed(scene.first), listed(munich), listed(spare)]);
  await untilListed(scene.dns, atSite(BERLIN, LAB), [listed(scene.first), listed(spare)]);
  await restart(scene, spare);
  await kill(scene, { munich, spare });
  return spare;
};
