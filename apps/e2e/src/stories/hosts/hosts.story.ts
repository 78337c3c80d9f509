import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockControl } from '@muster/devstack';
import { openClockControl } from '@muster/devstack';
import type { SigningKey } from '@muster/trust';
import { generateKeyPair } from '@muster/trust';
import { fleetLife } from '../../fleet/fleet-life.js';
import type { LifeMachine } from '../../fleet/life-machine.js';
import { lifeMachine } from '../../fleet/life-machine.js';
import { POOL, SERVER } from '../../fleet/wish.js';
import { certifyHost } from '../../host/certify-host.js';
import type { Host } from '../../host/host.js';
import { assertGapless, assertHashChain, assertTimeForward, recountDecisions } from '../../ledger/audit-ledger.js';
import { auditLeases } from '../../ledger/audit-leases.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import type { WatchRounds } from './watch-rounds.js';
import { watchRounds } from './watch-rounds.js';

/**
 * Hosts: three of one vendor and one organisation, each with its own key, servers and ledger, and a fleet that was told their addresses.
 *
 * One is killed and comes back after three weeks; another one is gone for good. Each ledger is then held against what the machines were told.
 */
const FLEET = 30;
const THRESHOLD = 5;

const KILL_DAY = 10;
/** Within the count window: a longer stop is for an operator to confirm. */
const RETURN_DAY = 31;
const GONE_DAY = 40;
/** Half a lease. */
const PATIENCE_DAYS = 90;
/** Each machine found it dead within a week, and comes again within a week after its patience has ended. */
const FORGOTTEN_DAY = GONE_DAY + 7 + PATIENCE_DAYS + 7 + 1;
const END_DAY = FORGOTTEN_DAY + 8;

const namesOf = (machines: readonly LifeMachine[]): readonly string[] => machines.map(({ name }) => name);

const startCertified = async (stage: Stage, name: string, { vendorKey, clock }: { readonly vendorKey: SigningKey; readonly clock: ClockControl & { readonly file: string } }) => {
  const dataDir = join(stage.dir, name);
  mkdirSync(dataDir);
  // One time for all of them: a machine cannot live in three.
  symlinkSync(clock.file, join(dataDir, 'clock.json'));
  const { id } = await certifyHost(dataDir, { vendorKey, nowMs: clock.nowMs() });
  const host = await stage.startHost({ name, controlledClock: true });
  const described = await host.api.describe();
  assert.deepEqual([described.host, described.claims?.organisation], [id, 'development']);
  return { id, host };
};

const auditHost = async ({ api, url }: Host, { rounds, clock }: { readonly rounds: WatchRounds; readonly clock: ClockControl }) => {
  const { events, head } = await api.ledger();
  assertGapless(events, head);
  assertTimeForward(events);
  assertHashChain(events);
  auditLeases(events, { recordedUntilMs: clock.nowMs() });
  rounds.checkLedger(url, events);
  assert.equal((await api.count(POOL)).count, rounds.countAt(url), 'the count is that of the machines that asked here within 30 days');
  assert.ok((await api.replay()).equal, 'the counts rebuilt from the first event equal the live ones');
  return { head, ...recountDecisions(events) };
};

const checkAllLicensed = async (fleet: readonly LifeMachine[]): Promise<void> => {
  for (const machine of fleet) {
    assert.equal((await machine.sdk.status()).status, 'licensed', machine.name);
    assert.ok((await machine.sdk.verify()).verified, `${machine.name} holds a good lease`);
  }
};

const tell = async (stage: Stage): Promise<string> => {
  stage.step('A vendor certifies three hosts of one organisation; each starts with its own directory, servers and ledger');
  const file = join(stage.dir, 'clock.json');
  const clock = { file, ...openClockControl(file) };
  const vendorKey = generateKeyPair();
  const certified = [];
  for (const name of ['north', 'south', 'spare']) certified.push(await startCertified(stage, name, { vendorKey, clock }));
  const [north, south, spare] = certified.map(({ host }) => host) as [Host, Host, Host];
  const rounds = watchRounds(new Map(certified.map(({ id, host }) => [host.url, id])), clock);

  stage.step(`${FLEET} servers are told two of the addresses and switched on: each keeps to one host, which counts its own`);
  const addresses = [north.url, south.url];
  const hosts = { hosts: () => Promise.resolve(addresses) };
  const fleet = await Promise.all(
    Array.from({ length: FLEET }, (_, index) => lifeMachine({ dir: join(stage.dir, 'machines'), name: `srv-${index + 1}`, hosts, product: SERVER, root: vendorKey.publicJwk, clock })),
  );
  const life = fleetLife(fleet, clock);
  const untilDay = async (day: number): Promise<void> => rounds.watch(await life.untilDay(day));
  const keepingTo = ({ url }: Host): readonly LifeMachine[] => fleet.filter((machine) => machine.remembered() === url);
  const checkKeepingTo = (host: Host, those: readonly LifeMachine[], why: string): void => assert.deepEqual(namesOf(keepingTo(host)), namesOf(those), why);
  fleet.forEach((machine) => machine.switchOn());
  await untilDay(1);
  await checkAllLicensed(fleet);
  const [northern, southern] = [keepingTo(north), keepingTo(south)];
  for (const [host, own] of [[north, northern], [south, southern]] as const) {
    assert.ok(own.length >= THRESHOLD, 'enough for a host of its own');
    assert.equal((await host.api.count(POOL)).count, own.length);
  }
  stage.note(`${northern.length} keep to the first, ${southern.length} to the second`);

  stage.step(`Day ${KILL_DAY}: a third address is told to all; every process of the first host is killed. Its machines are served by the others at their very moment`);
  await untilDay(KILL_DAY);
  addresses.push(spare.url);
  await north.kill();
  rounds.gone(north.url);
  await untilDay(RETURN_DAY);
  await checkAllLicensed(fleet);
  checkKeepingTo(north, northern, 'the first host is remembered');
  for (const { lease, name } of northern) assert.notEqual(lease()?.host, certified[0]?.id, `${name} holds a lease of a host that is there`);
  const spared = await auditHost(spare, { rounds, clock });
  assert.ok(spared.granted > 0 && spared.deferred >= THRESHOLD - 1, 'the host that counted nobody deferred until it had enough');
  const first = { ...rounds.standIns() };
  stage.note(`${first.rounds} rounds found it dead, the slowest took ${Math.round(first.slowestMs)} ms; ${first.activations} were decided as activations, and the third host deferred ${spared.deferred} until it counted ${THRESHOLD}`);

  stage.step(`Day ${RETURN_DAY}: the first host is back, and its machines with it`);
  const returned = await stage.startHost({ name: 'north', controlledClock: true, port: Number(new URL(north.url).port) });
  rounds.back(north.url);
  await untilDay(GONE_DAY);
  for (const { lease, name } of northern) assert.equal(lease()?.host, certified[0]?.id, `${name} is with its host again`);
  await auditHost(returned, { rounds, clock });
  const lost = await auditHost(south, { rounds, clock });

  stage.step(`Day ${GONE_DAY}: the second host is gone for good; its machines ask it first for 90 days more, and then no longer`);
  await south.kill();
  rounds.gone(south.url);
  await untilDay(GONE_DAY + PATIENCE_DAYS);
  checkKeepingTo(south, southern, 'not forgotten before half the lease has gone');
  await untilDay(FORGOTTEN_DAY);
  checkKeepingTo(south, [], 'forgotten after it');
  const before = rounds.standIns().rounds;
  await untilDay(END_DAY);
  assert.equal(rounds.standIns().rounds, before, 'nobody asks it any more');
  await checkAllLicensed(fleet);

  stage.step('Each ledger against what the machines were told');
  const kept = [await auditHost(returned, { rounds, clock }), await auditHost(spare, { rounds, clock })];
  const events = [lost, ...kept].map(({ head }) => head);
  const { rounds: standIns, activations, slowestMs } = rounds.standIns();
  return `Three hosts of one organisation with ledgers of their own (${events.join(', ')} events): in ${standIns} rounds of ${life.contacts()} the remembered host was dead and another one decided in the same round (slowest ${Math.round(slowestMs)} ms), ${activations} times as an activation under its own count; the host that came back was asked first again, the one that did not was forgotten after half a lease, no machine that was served on time had less than ${life.healthyDaysMin().toFixed(2)} days left, and each decision stands in exactly one ledger.`;
};

export const hosts: Story = {
  name: 'hosts',
  sentence: 'Three hosts of one organisation: when one is killed its machines are served by another one at once, and counted there; it is remembered for half a lease.',
  timeoutMs: 420_000,
  tell,
};
