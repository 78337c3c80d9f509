import assert from 'node:assert/strict';
import { join } from 'node:path';
import { newMachineState, openMachineDirectory } from '@muster/client';
import { openClockControl } from '@muster/devstack';
import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import { aKey, eventually } from '@muster/testing';
import { readPublicKeyFile, verifyLease } from '@muster/trust';
import type { FleetLife, Happened } from '../../fleet/fleet-life.js';
import { DAY_MS, fleetLife } from '../../fleet/fleet-life.js';
import type { LifeMachine } from '../../fleet/life-machine.js';
import { lifeMachine } from '../../fleet/life-machine.js';
import { POOL, WORKSTATION } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import { assertGapless, assertHashChain, assertTimeForward, outcomesByRequest, recountDecisions, typeOf } from '../../ledger/audit-ledger.js';
import { auditLeases, countEnds } from '../../ledger/audit-leases.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import { catchUp } from './catch-up.js';
import { assertRefused } from './present-lease.js';
import { vendorOf } from './vendor.js';

/**
 * Lease life: 400 days of a fleet that really asks, signs and stores, on processes that really decide and record, under a clock that can be moved.
 *
 * Thirty workstations, of which 25 must be seen within 30 days. Three give their leases back, three are switched off and their leases run out, and
 * for a while the fleet is too small. The host dies in the middle, and comes back with a new certificate. Afterwards the ledger is read from its
 * first event.
 */
const FLEET = 30;
const HOUR_MS = HOUR_SECONDS * SECOND_MS;

const RELEASE_DAY = 40;
const SWITCH_OFF_DAY = 80;
/** How long the fleet stays too small: long enough that more machines wait than a host renews in an hour. */
const TOO_FEW_DAYS = 6;
const KILL_DAY = 200;
const OUTAGE_HOURS = 48;
const TRAVELLER_DAY = 240;
const RETURN_DAY = 300;
const END_DAY = 400;

const typesOf = (happened: readonly Happened[]): ReadonlySet<string> => new Set(happened.map(({ contact }) => contact.outcome.reply.type));

const expiriesOf = async ({ api }: Host): Promise<number> => (await api.ledger()).events.filter((event) => typeOf(event) === 'ActivationExpired').length;

/** The host counts whom the story saw being counted. */
const checkCount = async ({ api }: Host, life: FleetLife): Promise<number> => {
  const { count } = await api.count(POOL);
  assert.equal(count, life.seenLately(), 'the count is that of the machines seen in 30 days');
  return count;
};

const goodOffline = async (machine: LifeMachine): Promise<void> => {
  const verification = await machine.sdk.verify();
  assert.ok(verification.verified, `${machine.name} holds a good lease`);
};

const tell = async (stage: Stage): Promise<string> => {
  stage.step(`A host with a clock that can be moved; ${FLEET} machines are switched on`);
  let host = await stage.startHost({ controlledClock: true });
  const { dataDir, url, clockFile } = host;
  const clock = openClockControl(clockFile);
  const vendor = await vendorOf(dataDir, clock);
  const root = await readPublicKeyFile(join(dataDir, 'vendor', 'vendor-root.public.json'));
  const presentation = () => ({ api: host.api, root, clock });
  const machineNamed = (name: string): Promise<LifeMachine> => lifeMachine({ dir: join(stage.dir, 'machines'), name, hosts: [url], root, clock });

  const fleet = await Promise.all(Array.from({ length: FLEET }, (_, index) => machineNamed(`ws-${index + 1}`)));
  const returning = fleet.slice(-3);
  const silent = fleet.slice(-6, -3);
  const staying = fleet.slice(0, -6);
  const [newcomer, traveller] = [await machineNamed('newcomer'), await machineNamed('traveller')];
  const life = fleetLife([...fleet, newcomer, traveller], clock);
  const isOn = (): readonly LifeMachine[] => [...fleet, newcomer, traveller].filter(({ on }) => on);

  fleet.forEach((machine) => machine.switchOn());
  await life.untilDay(1);
  for (const machine of fleet) assert.equal((await machine.sdk.status()).status, 'licensed', machine.name);
  assert.equal(await checkCount(host, life), FLEET);

  stage.step(`Day ${RELEASE_DAY}: three give their leases back, and leave the count 30 days after they were last seen`);
  await life.untilDay(RELEASE_DAY);
  const released = await Promise.all(
    returning.map(async (machine) => {
      const lease = machine.lease()?.token ?? assert.fail(`${machine.name} holds a lease`);
      assert.equal((await machine.release())?.outcome.reply.type, 'released');
      assert.equal((await machine.sdk.status()).reason, 'released');
      machine.switchOff();
      return { kind: 'lease-released' as const, key: machine.key, lease };
    }),
  );
  await assertRefused(presentation(), released);
  assert.equal(await checkCount(host, life), FLEET, 'a release leaves the count alone');
  await life.untilDay(RELEASE_DAY + 31);
  assert.equal(await checkCount(host, life), FLEET - 3);

  stage.step(`Day ${SWITCH_OFF_DAY}: three are switched off for good; 30 days later the fleet is too small, renewals are deferred, and every lease runs on`);
  await life.untilDay(SWITCH_OFF_DAY);
  silent.forEach((machine) => machine.switchOff());
  const tooFewMs = Math.max(...silent.map(({ lastSeenMs }) => lastSeenMs ?? 0)) + 30 * DAY_MS;
  assert.deepEqual([...typesOf(await life.until(tooFewMs - HOUR_MS))], ['granted'], 'enough until then');
  await life.until(tooFewMs + SECOND_MS);
  assert.equal(await checkCount(host, life), staying.length);
  const deferrals = await life.until(tooFewMs + TOO_FEW_DAYS * DAY_MS);
  assert.deepEqual([...typesOf(deferrals)], ['deferred'], 'nobody is granted anything below the threshold');
  const deferred = new Set(deferrals.map(({ machine }) => machine));
  for (const machine of staying) await goodOffline(machine);
  stage.note(`${deferrals.length} renewals of ${deferred.size} machines deferred`);

  stage.step('One more machine is switched on: it is granted a lease at once, and so is whoever was waiting, up to ten an hour; the others within days');
  newcomer.switchOn();
  assert.deepEqual([...typesOf(await life.until(clock.nowMs()))], ['granted']);
  const recovery = await catchUp(deferred, { life, clock });
  stage.note(`${deferred.size} waited, ${recovery} of them were sent away for a day or more`);

  stage.step(`Day ${KILL_DAY}: every process is killed; ${OUTAGE_HOURS} hours later the host is back, with a new certificate`);
  await life.untilDay(KILL_DAY);
  await host.kill();
  const missed = await life.until(clock.nowMs() + OUTAGE_HOURS * HOUR_MS);
  for (const type of typesOf(missed)) assert.equal(type, 'unreachable');
  await vendor.certifyAnew();
  host = await stage.startHost({ controlledClock: true, port: Number(new URL(url).port) });
  const outage = await catchUp(isOn(), { life, clock });
  await checkCount(host, life);
  stage.note(`${missed.length} attempts found nobody; ${new Set(missed.map(({ machine }) => machine)).size} machines missed their moment and were served later, ${outage} of them after they had been sent away`);

  stage.step(`Day ${TRAVELLER_DAY}: a lease of another host counts as an activation here; leases of nobody, of others and of the past are refused`);
  await life.untilDay(TRAVELLER_DAY);
  const foreign = await vendor.leaseOfAnotherHost(traveller.id);
  const { claims } = await verifyLease(foreign, { root, atMs: clock.nowMs() });
  const held = { leaseId: claims.jti, host: claims.iss, issuedAtMs: claims.iat * SECOND_MS, expiresAtMs: claims.exp * SECOND_MS, token: foreign };
  openMachineDirectory(join(stage.dir, 'machines', traveller.name)).save({ ...newMachineState(WORKSTATION), lease: held, intent: 'renew' });
  traveller.switchOn();
  const before = await host.api.head();
  const arrival = await life.until(clock.nowMs());
  assert.deepEqual([arrival.length, arrival[0]?.contact.wish.kind, arrival[0]?.contact.outcome.reply.type], [1, 'renewal', 'granted']);
  const recorded = (await host.api.ledger()).events.slice(before).map(typeOf);
  assert.deepEqual(recorded, ['ActivationRequested', 'ActivationGranted'], 'decided as an activation');
  const stranger = aKey('lease-life stranger');
  const another = newcomer.lease()?.token ?? assert.fail('the newcomer holds a lease');
  await assertRefused(presentation(), [
    { kind: 'lease-unknown', key: stranger, lease: await vendor.unrecordedLease(stranger.id) },
    { kind: 'lease-not-yours', key: stranger, lease: another },
  ]);

  const ends = silent.map((machine) => machine.lease()?.expiresAtMs ?? 0);
  stage.step('The leases of those that were switched off run out, each recorded once');
  await life.until(Math.min(...ends) - HOUR_MS);
  assert.equal(await expiriesOf(host), 0, 'not before their time');
  await life.until(Math.max(...ends) + HOUR_MS);
  await eventually(async () => assert.equal(await expiriesOf(host), silent.length), { timeoutMs: 30_000 });
  for (const machine of silent) assert.equal((await machine.sdk.status()).status, 'expired', machine.name);
  await assertRefused(presentation(), silent.map((machine) => ({ kind: 'lease-expired', key: machine.key, lease: machine.lease()?.token ?? '' })));

  stage.step(`Day ${RETURN_DAY}: one of them is switched on again, and is activated anew`);
  await life.untilDay(RETURN_DAY);
  const [back] = silent as [LifeMachine];
  back.switchOn();
  const comeback = await life.until(clock.nowMs());
  assert.deepEqual(comeback.map(({ contact }) => [contact.wish.kind, contact.outcome.reply.type]), [['activation', 'granted']]);

  stage.step(`Day ${END_DAY}: the ledger, from its first event`);
  await life.untilDay(END_DAY);
  for (const machine of isOn()) {
    await goodOffline(machine);
    assert.ok(((await machine.sdk.status()).remainingSeconds ?? 0) >= 173 * DAY_SECONDS, `${machine.name} ends in good health`);
  }
  const { events, head } = await host.api.ledger();
  assertGapless(events, head);
  assertTimeForward(events);
  assertHashChain(events);
  outcomesByRequest(events);
  const recount = recountDecisions(events);
  const naive = await checkCount(host, life);
  const leases = countEnds(auditLeases(events, { recordedUntilMs: clock.nowMs() }));
  assert.deepEqual([leases.expired, leases.released, leases.running], [silent.length, returning.length, isOn().length]);
  assert.ok((await host.api.replay()).equal, 'the counts rebuilt from the first event equal the live ones');

  assert.equal(life.sentAway(), recovery + outage, 'nobody was sent away at any other time, nor twice');

  return `${END_DAY} days in ${head} gapless events: ${leases.superseded + leases.running + leases.released + leases.expired} leases, of which ${leases.superseded} were renewed, ${leases.released} released, ${leases.expired} expired once each and ${leases.running} run; none was given below the threshold by a naive recount (${recount.deferred} deferrals, ${deferrals.length} of renewals), machines that were served on time never had less than ${life.healthyDaysMin().toFixed(2)} days left in ${life.contacts()} contacts and the others ${life.daysMin().toFixed(2)} (${recovery + outage} were sent away for days after a gap), the count ends at ${naive}, and replay is equal.`;
};

export const leaseLife: Story = {
  name: 'lease-life',
  sentence: '400 days of a fleet in a minute: leases are granted, renewed, deferred, released and run out, each with exactly one end, through a crash and a new certificate.',
  timeoutMs: 420_000,
  tell,
};
