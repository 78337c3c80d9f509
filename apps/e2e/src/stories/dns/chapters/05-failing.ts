import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { aMachine, eventually } from '@muster/testing';
import { POOL, signWish, WORKSTATION } from '../../../fleet/wish.js';
import type { Host } from '../../../host/host.js';
import { aClient } from '../client.js';
import { CLOSED, CORP, ELSEWHERE, GENERAL, LAB, LATE, listed, MUNICH, WRONG } from '../names.js';
import type { Rival } from '../rival.js';
import type { Scene } from '../scene.js';
import { describeDns, eventsOf, PATIENCE, typeAt, untilListed } from '../scene.js';

const FINDINGS = 8;

type Trouble = readonly [domain: string, kind: string | undefined];

const troublesOf = async (host: Host): Promise<readonly Trouble[]> => (await describeDns(host)).domains.map(({ domain, servers }) => [domain, servers[0]?.failure?.kind]);

const untilTroubled = (host: Host, troubles: Readonly<Record<string, string | undefined>>): Promise<void> =>
  eventually(async () => {
    const found = Object.fromEntries(await troublesOf(host));
    for (const [domain, kind] of Object.entries(troubles)) assert.equal(found[domain], kind, `${domain}: ${JSON.stringify(found)}`);
  }, PATIENCE);

/** Each failure has a name of its own, stays with its domain, and ends when its cause does. */
export const failEachForItself = async ({ stage, dns, keyFile }: Scene, rival: Rival): Promise<void> => {
  const name = (domain: string): string => `_muster._tcp.${domain}`;
  stage.step('Another deployment starts; where it has the wrong key, the policy says no, or nobody serves the zone, each domain says so, and the others are as they should be');
  await untilTroubled(rival.host, { [WRONG]: 'tsig-bad-signature', [CLOSED]: 'refused', [ELSEWHERE]: 'not-auth-zone', [LATE]: undefined });
  await untilListed(dns, name(LATE), [rival.record]);

  stage.step("The clock of its registrar's machine goes wrong by an hour: it says by how much, and goes on when it is set right");
  rival.setClock('wrong');
  await untilTroubled(rival.host, { [LATE]: 'tsig-bad-time' });
  stage.note((await describeDns(rival.host)).domains.find(({ domain }) => domain === LATE)?.servers[0]?.failure?.detail ?? '');
  rival.setClock('right');
  await untilTroubled(rival.host, { [LATE]: undefined });

  stage.step('Its wrong key is replaced by the right one: no restart');
  copyFileSync(dns.keyFile('rival'), `${rival.wrongKeyFile}.new`);
  renameSync(`${rival.wrongKeyFile}.new`, rival.wrongKeyFile);
  await untilListed(dns, name(WRONG), [rival.record]);
  assert.deepEqual(await dns.srv(name(CLOSED)), []);
  assert.ok(readFileSync(keyFile, 'utf8').includes('registrar'), 'the key of the first deployment is its own');
};

/** The server dies: machines are served meanwhile, what is ordered meanwhile is done when it is back. */
export const goAwayAndComeBack = async (scene: Scene): Promise<void> => {
  const { stage, dns, host, first } = scene;
  const counted = async (): Promise<number> => (await host.api.count(POOL)).count;
  stage.step('named is killed: machines that know a host are served, and what an administrator orders is recorded');
  const known = await aClient(scene, 'knows-a-host', { domain: CORP, site: MUNICH });
  await known.activate();
  const before = await counted();
  await dns.kill();
  await known.activate();
  assert.equal(await counted(), before, 'the same machine is not counted twice');
  const { outcome } = await host.api.activate((await signWish(aMachine('while-dns-is-away'), { product: WORKSTATION })).jws);
  assert.deepEqual([outcome, await counted()], ['granted', before + 1]);
  await typeAt(host, ['host', 'set-weight', '30', '--endpoint', first.endpoint]);
  await eventually(async () => assert.ok((await troublesOf(host)).every(([, kind]) => kind !== undefined), 'both domains say so'), PATIENCE);
  await typeAt(host, ['dns', 'check', '--domain', CORP], FINDINGS);
  const [part] = host.partsOf('dns-registrar');
  assert.equal((await fetch(`http://127.0.0.1:${part?.port}/readyz`)).status, 200, 'the registrar is ready without any DNS');

  stage.step('It is back: DNS is what it should be, by itself');
  const backMs = performance.now();
  await dns.startAgain();
  await eventually(async () => assert.ok((await dns.srv(GENERAL)).includes(listed(first, { weight: 30 }))), PATIENCE);
  scene.figures.set('healedSeconds', ((performance.now() - backMs) / 1000).toFixed(1));
  await typeAt(host, ['host', 'set-weight', '--as-announced', '--endpoint', first.endpoint]);
  await eventually(async () => assert.ok((await dns.srv(GENERAL)).includes(listed(first))), PATIENCE);
  await untilTroubled(host, { [CORP]: undefined, [LAB]: undefined });
};

/** The key is changed by replacing its file. */
export const changeKey = async ({ stage, dns, host, first, keyFile }: Scene): Promise<void> => {
  stage.step('Key rotation: the file is replaced, and the next change is signed with the new key; no restart');
  const [before] = host.partsOf('dns-registrar');
  const published = (await eventsOf(host, 'ServiceRecordPublished')).length;
  writeFileSync(`${keyFile}.new`, readFileSync(dns.keyFile('next')), { mode: 0o600 });
  renameSync(`${keyFile}.new`, keyFile);
  await typeAt(host, ['host', 'set-weight', '20', '--endpoint', first.endpoint]);
  await eventually(async () => assert.ok((await dns.srv(GENERAL)).includes(listed(first, { weight: 20 }))), PATIENCE);
  await typeAt(host, ['host', 'set-weight', '--as-announced', '--endpoint', first.endpoint]);
  await eventually(async () => assert.ok((await dns.srv(GENERAL)).includes(listed(first))), PATIENCE);
  assert.deepEqual((await describeDns(host)).domains.map(({ key }) => key), ['next', 'next']);
  await eventually(async () => assert.ok((await eventsOf(host, 'ServiceRecordPublished')).length > published), PATIENCE);
  assert.equal(host.partsOf('dns-registrar')[0]?.pid, before?.pid, 'the registrar was not restarted');
};
