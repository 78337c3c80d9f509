import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ActivationAnswer } from '@muster/contracts';
import { systemClock } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet } from '@muster/testing';
import type { PublicJwk } from '@muster/trust';
import { readPublicKeyFile } from '@muster/trust';
import type { SignedWish } from '../../fleet/wish.js';
import { POOL, SERVER, signWish, WORKSTATION } from '../../fleet/wish.js';
import { endHostProcess, launchHost } from '../../host/host.js';
import type { Host } from '../../host/host.js';
import type { HostApi } from '../../host/host-api.js';
import { isAlive, processTree } from '../../host/processes.js';
import { verifyAnswer } from '../../ledger/audit-answers.js';
import { assertGapless, assertHashChain, outcomesByRequest, recountDecisions } from '../../ledger/audit-ledger.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import { checkIntegrationUser } from './integration-user.js';

/**
 * First light: from an empty directory to a fleet with leases, through a power failure, and out again.
 *
 * The products are the development vendor's: `acme.server` from 5 machines on, `acme.workstation` from 25, one pool, virtual machines not counted.
 */
const COUNTED_BEFORE_SERVER = 4;
const VIRTUAL = 3;
/** With the virtual servers that ask over HTTP and over NATS. */
const VIRTUAL_IN_ALL = VIRTUAL + 2;
const COUNTED_AT_OPENING = 25;
/** What `muster` ends with when something is in the way. */
const EXIT_CONFLICT = 5;

const [server, virtualServer, ...workstations] = aFleet(COUNTED_AT_OPENING + 1, 'first-light') as [TestMachine, TestMachine, ...TestMachine[]];
const virtualMachines = aFleet(VIRTUAL, 'first-light-virtual');

interface Asked {
  readonly wish: SignedWish;
  readonly answer: ActivationAnswer;
}

interface Enrolment {
  readonly api: HostApi;
  readonly root: PublicJwk;
  readonly asked: Asked[];
}

/** Asks, verifies the answer offline, and holds it against what it must be. */
const expectAnswer = async ({ api, root, asked }: Enrolment, wish: SignedWish, expected: Pick<ActivationAnswer, 'outcome' | 'count' | 'threshold'>): Promise<void> => {
  const answer = await api.activate(wish.jws);
  const { outcome, count, threshold } = answer;
  assert.deepEqual({ outcome, count, threshold }, expected, `${wish.machine.hostname} for ${wish.product}`);
  await verifyAnswer({ wish, answer }, { root, nowMs: systemClock.nowMs() });
  asked.push({ wish, answer });
};

const askWorkstations = async (enrolment: Enrolment, { from, to }: { from: number; to: number }, counted: number): Promise<void> => {
  for (let index = from; index < to; index += 1) {
    const wish = await signWish(workstations[index] as TestMachine, { product: WORKSTATION });
    await expectAnswer(enrolment, wish, { outcome: 'deferred', count: counted + index - from + 1, threshold: 25 });
  }
};

const enrol = async (stage: Stage, enrolment: Enrolment): Promise<void> => {
  stage.step(`${COUNTED_BEFORE_SERVER} workstations ask: the count rises with each, and all wait`);
  await askWorkstations(enrolment, { from: 0, to: COUNTED_BEFORE_SERVER }, 0);
  stage.step('The fifth machine is a server: its threshold is met, so it gets a lease while the workstations wait');
  await expectAnswer(enrolment, await signWish(server, { product: SERVER }), { outcome: 'granted', count: 5, threshold: 5 });
  stage.step('Virtual machines ask: they do not move the count, and what they get depends on it');
  for (const machine of virtualMachines) await expectAnswer(enrolment, await signWish(machine, { product: WORKSTATION, virtual: true }), { outcome: 'deferred', count: 5, threshold: 25 });
  await expectAnswer(enrolment, await signWish(virtualServer, { product: SERVER, virtual: true }), { outcome: 'granted', count: 5, threshold: 5 });
  stage.step('More workstations ask, up to a count of 24: all wait');
  await askWorkstations(enrolment, { from: COUNTED_BEFORE_SERVER, to: workstations.length - 1 }, 5);
  stage.step('The 25th counted machine asks: the product opens for workstations');
  await expectAnswer(enrolment, await signWish(workstations.at(-1) as TestMachine, { product: WORKSTATION }), { outcome: 'granted', count: 25, threshold: 25 });
  stage.step('Those who wait ask again: everybody has a lease, and nobody is counted twice');
  const waiting = enrolment.asked.filter(({ answer }) => answer.outcome === 'deferred');
  for (const { wish } of waiting) await expectAnswer(enrolment, await signWish(wish.machine, wish), { outcome: 'granted', count: 25, threshold: 25 });
};

/** The same request again gives the same bytes; signed anew under its id it still does, whatever it says of its time and its host name. */
const checkRepeats = async ({ api, asked }: Enrolment): Promise<void> => {
  for (const { wish, answer } of asked) assert.deepEqual(await api.activate(wish.jws), answer, `the repeat of ${wish.jti}`);
  const { wish, answer } = asked[4] as Asked;
  const renamed = await signWish(wish.machine, wish, { jti: wish.jti, iat: 1, machine: { hostname: 'renamed', virtual: wish.virtual } });
  assert.deepEqual(await api.activate(renamed.jws), answer, 'the repeat under another host name, long out of date');
};

const countsOf = async (api: HostApi) => (await api.pools()).pools.map(({ pool, count, physical, virtual }) => ({ pool, count, physical, virtual }));

interface Remembered {
  readonly position: number;
  readonly instant: string;
  readonly count: number;
}

/** Counts of the past, as the answers said at the time. */
const rememberCounts = async (api: HostApi): Promise<readonly Remembered[]> => {
  const { events } = await api.ledger();
  return [...outcomesByRequest(events).values()].map(({ position, time, data }) => ({ position, instant: time, count: (data as { basis: { count: number } }).basis.count }));
};

const checkAsOf = async (api: HostApi, remembered: readonly Remembered[]): Promise<void> => {
  for (const [index, { position, instant, count }] of remembered.entries()) {
    if (index % 6 !== 0) continue;
    const at = await api.count(POOL, position);
    assert.deepEqual({ count: at.count, position: at.position, final: at.final }, { count, position, final: true }, `the count as of position ${position}`);
    const then = await api.count(POOL, instant);
    assert.deepEqual({ count: then.count, position: then.position, final: then.final }, { count, position, final: true }, `the count as of ${instant}`);
  }
};

const checkReplay = async (api: HostApi): Promise<number> => {
  const { equal, events, rebuiltDigest, liveDigest } = await api.replay();
  assert.ok(equal && rebuiltDigest === liveDigest, 'the counts rebuilt from the first event equal the live ones');
  return events;
};

const checkLedger = async (api: HostApi): Promise<number> => {
  const { events, head } = await api.ledger();
  assertGapless(events, head);
  assertHashChain(events);
  outcomesByRequest(events);
  recountDecisions(events);
  const text = JSON.stringify(events);
  for (const { hostname } of [server, virtualServer, ...workstations, ...virtualMachines]) assert.ok(!text.includes(hostname), 'no host name stands in an event');
  return head;
};

const checkSecondStart = async ({ dataDir, url }: Host): Promise<void> => {
  const second = launchHost({ dataDir });
  const { code } = await second.exited.finally(() => endHostProcess(second));
  assert.equal(code, EXIT_CONFLICT, second.output());
  assert.match(second.output(), /already running/i);
  assert.ok(second.output().includes(url), 'it says where the first one is');
};

const checkOrderlyStop = async (host: Host): Promise<number> => {
  const tree = processTree(host.process.pid);
  assert.ok(host.run().parts.every(({ pid }) => tree.includes(pid)), 'every part is a process below the launcher');
  const { code } = await host.stop('SIGTERM');
  assert.equal(code, 0, host.process.output());
  assert.deepEqual(tree.filter(isAlive), [], 'processes that outlived the stop');
  return tree.length;
};

const tell = async (stage: Stage): Promise<string> => {
  stage.step('A host starts on an empty directory');
  const first = await stage.startHost({ asDelivered: true });
  const root = await readPublicKeyFile(join(first.dataDir, 'vendor', 'vendor-root.public.json'));
  const enrolment: Enrolment = { api: first.api, root, asked: [] };
  await enrol(stage, enrolment);
  stage.step('The same requests again: the same answers, byte for byte');
  await checkRepeats(enrolment);
  stage.step("An organisation's own service sends a request over NATS, and may do nothing else there");
  await checkIntegrationUser(first, (wish, answer) => void enrolment.asked.push({ wish, answer }));
  const remembered = await rememberCounts(first.api);
  const pools = await countsOf(first.api);
  assert.deepEqual(pools, [{ pool: POOL, count: COUNTED_AT_OPENING, physical: COUNTED_AT_OPENING, virtual: VIRTUAL_IN_ALL }]);

  stage.step('SIGKILL to everything at once; then the host starts on what is left');
  const killed = await first.kill();
  const startedAtMs = performance.now();
  const second = await stage.startHost({ asDelivered: true });
  stage.note(`${killed} processes killed; ready again after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  const { api } = second;
  assert.deepEqual(await countsOf(api), pools, 'the counts are as they were');
  await checkRepeats({ ...enrolment, api });
  stage.step('Counts as of positions and instants of the past are what the answers said then');
  await checkAsOf(api, remembered);
  stage.step('The counts rebuilt from the first event equal the live ones, and the ledger is whole');
  const replayed = await checkReplay(api);
  assert.equal(await checkLedger(api), replayed);

  stage.step('A second start on the same data says that one is running; SIGTERM leaves no process');
  await checkSecondStart(second);
  const ended = await checkOrderlyStop(second);

  const granted = enrolment.asked.filter(({ answer }) => answer.outcome === 'granted').length;
  return `${enrolment.asked.length} signed requests brought ${COUNTED_AT_OPENING} counted machines and ${VIRTUAL_IN_ALL} virtual ones ${granted} leases; after SIGKILL of all ${killed} processes every count and lease was the same, replayed from ${replayed} events; SIGTERM ended all ${ended} processes.`;
};

export const firstLight: Story = {
  name: 'first-light',
  sentence: 'An empty host activates a fleet at its thresholds, and a power failure changes no count and no lease.',
  timeoutMs: 240_000,
  tell,
};
