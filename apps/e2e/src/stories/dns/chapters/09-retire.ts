import assert from 'node:assert/strict';
import { eventually } from '@muster/testing';
import { assertGapless, assertHashChain, assertTimeForward } from '../../../ledger/audit-ledger.js';
import { atSite, BERLIN, CORP, GENERAL, LAB, LAB_GENERAL, MUNICH } from '../names.js';
import type { Scene } from '../scene.js';
import { eventsOf, PATIENCE, typeAt } from '../scene.js';
import { replayAll } from './06-replay.js';

const GONE_SECONDS_MAX = 60;
const NAMES = [GENERAL, LAB_GENERAL, ...[BERLIN, MUNICH].flatMap((site) => [atSite(site, CORP), atSite(site, LAB)])];

/** What is listed at this moment, as the ledger has it: each change has its server, its code and its serial. */
const audit = async ({ host }: Scene): Promise<{ readonly published: number; readonly withdrawn: number }> => {
  const { events, head } = await host.api.ledger();
  assertGapless(events, head);
  assertTimeForward(events);
  assertHashChain(events);
  const [published, withdrawn] = [await eventsOf(host, 'ServiceRecordPublished'), await eventsOf(host, 'ServiceRecordWithdrawn')];
  for (const { server, rcode, serial, name } of [...published, ...withdrawn]) {
    assert.ok(server !== '' && rcode === 'NOERROR' && serial !== null && serial > 0, `${name}: ${server} ${rcode} ${serial}`);
  }
  const standing = new Set(published.map(({ endpoint, name }) => `${name} ${endpoint}`));
  const gone = new Set(withdrawn.filter(({ reason }) => reason === 'host-retired').map(({ endpoint, name }) => `${name} ${endpoint}`));
  for (const one of gone) assert.ok(standing.has(one), `${one} was published`);
  return { published: published.length, withdrawn: withdrawn.length };
};

/** The host is retired: nothing of it stays, and nothing brings it back. */
export const retire = async (scene: Scene): Promise<void> => {
  const { stage, dns, proxy, host, figures } = scene;
  const listed = async (): Promise<number> => (await Promise.all(NAMES.map((name) => dns.srv(name)))).flat().length;
  const before = await listed();
  stage.step(`The host is retired, with ${before} records in DNS: all of them go within ${GONE_SECONDS_MAX} s`);
  await typeAt(host, ['host', 'retire', '--reason', 'decommissioned']);
  const retiredMs = performance.now();
  await eventually(async () => assert.equal(await listed(), 0), { ...PATIENCE, timeoutMs: GONE_SECONDS_MAX * 1000 });
  const seconds = ((performance.now() - retiredMs) / 1000).toFixed(1);
  for (const name of NAMES) assert.deepEqual(await dns.txt(name), [], `${name} has no text left`);
  figures.set('recordsGone', before).set('goneSeconds', seconds);
  await eventually(async () => assert.equal((await eventsOf(host, 'ServiceRecordWithdrawn')).filter(({ reason }) => reason === 'host-retired').length, before), PATIENCE);
  stage.note(`gone after ${seconds} s`);

  stage.step('Every update of the whole story is sent again: nothing comes back');
  stage.note(await replayAll(dns, proxy));
  assert.equal(await listed(), 0);
  const { published, withdrawn } = await audit(scene);
  figures.set('published', published).set('withdrawn', withdrawn);
};
