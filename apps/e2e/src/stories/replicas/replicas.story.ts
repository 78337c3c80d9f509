import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ActivationAnswer } from '@muster/contracts';
import { systemClock } from '@muster/kernel';
import { aFleet, eventually } from '@muster/testing';
import { readPublicKeyFile } from '@muster/trust';
import type { SignedWish } from '../../fleet/wish.js';
import { POOL, signWish, WORKSTATION } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import type { HostApi } from '../../host/host-api.js';
import type { RunningPart } from '../../host/run-file.js';
import { assertAcknowledgedRecorded } from '../../ledger/audit-answers.js';
import { assertGapless, assertHashChain, outcomesByRequest, recountDecisions } from '../../ledger/audit-ledger.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import { readMetric } from './read-metric.js';

/**
 * Replicas: two activation and two counting processes behind one gateway, and machines that all ask at once.
 *
 * One process would defer the first 24 and grant the rest, with the counts 1, 2, 3 …; so must these, whoever answers whom.
 */
const MACHINES = 200;
const THRESHOLD = 25;
const IN_FLIGHT = 32;
/** Enough that both counting replicas answer some of them: that one gets none of so many is a matter of 2⁻³⁹. */
const COUNT_QUERIES = 40;

interface Asked {
  readonly wish: SignedWish;
  readonly answer: ActivationAnswer;
}

const askAll = async (api: HostApi, wishes: readonly SignedWish[]): Promise<readonly Asked[]> => {
  const asked: Asked[] = [];
  const queue = wishes.values();
  const client = async (): Promise<void> => {
    for (const wish of queue) asked.push({ wish, answer: await api.activate(wish.jws) });
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  return asked;
};

const signAll = (machines: ReturnType<typeof aFleet>): Promise<readonly SignedWish[]> => Promise.all(machines.map((machine) => signWish(machine, { product: WORKSTATION })));

const checkAsOfOne = (asked: readonly Asked[]): void => {
  const byCount = asked.map(({ answer }) => answer).sort((a, b) => a.count - b.count);
  assert.deepEqual(byCount.map(({ count }) => count), Array.from({ length: MACHINES }, (_, index) => index + 1), 'each count from 1 on was given to exactly one machine');
  for (const { outcome, count, threshold } of byCount) {
    assert.equal(threshold, THRESHOLD);
    assert.equal(outcome, count < THRESHOLD ? 'deferred' : 'granted', `the machine that brought the count to ${count}`);
  }
};

const checkBothWorked = async (activations: readonly RunningPart[]): Promise<readonly number[]> => {
  const events = await Promise.all(activations.map(({ port }) => readMetric(port, 'muster_writer_events_total')));
  for (const [index, count] of events.entries()) assert.ok(count > 0, `${activations[index]?.name} recorded nothing`);
  return events;
};

/** Every answer is the same, whichever replica gives it; and each replica followed the ledger to its end. */
const checkSameCounts = async ({ api, partsOf }: Host, head: number): Promise<void> => {
  for (const { name, port } of partsOf('counting')) {
    await eventually(async () => assert.equal(await readMetric(port, 'muster_follower_position'), head, `${name} is at the head`));
  }
  const answers = await Promise.all(Array.from({ length: COUNT_QUERIES }, () => api.count(POOL)));
  const distinct = new Set(answers.map(({ count, physical, virtual, position }) => JSON.stringify({ count, physical, virtual, position })));
  assert.deepEqual([...distinct], [JSON.stringify({ count: MACHINES, physical: MACHINES, virtual: 0, position: head })]);
};

const tell = async (stage: Stage): Promise<string> => {
  stage.step('A host starts with two activation and two counting replicas');
  const host = await stage.startHost({ replicas: 'activation=2,counting=2' });
  const { api } = host;
  const root = await readPublicKeyFile(join(host.dataDir, 'vendor', 'vendor-root.public.json'));
  const activations = host.partsOf('activation');
  assert.deepEqual([activations.length, host.partsOf('counting').length], [2, 2]);

  stage.step(`${MACHINES} workstations ask, ${IN_FLIGHT} at a time`);
  const wishes = await signAll(aFleet(MACHINES, 'replicas'));
  const startedAtMs = performance.now();
  const asked = await askAll(api, wishes);
  const tookMs = performance.now() - startedAtMs;
  stage.step('24 were deferred, then all granted; each count from 1 on was given once');
  checkAsOfOne(asked);
  stage.step('Those deferred ask again: granted, and nobody is counted twice');
  const again = await askAll(api, await signAll(asked.filter(({ answer }) => answer.outcome === 'deferred').map(({ wish }) => wish.machine)));
  for (const { answer } of again) assert.deepEqual([answer.outcome, answer.count], ['granted', MACHINES]);
  stage.step('The same requests again, to whichever replica: the same bytes');
  const repeats = await askAll(api, wishes);
  const first = new Map(asked.map(({ wish, answer }) => [wish.jti, answer]));
  for (const { wish, answer } of repeats) assert.deepEqual(answer, first.get(wish.jti), `the repeat of ${wish.jti}`);

  stage.step('Both replicas of each worked, and their ledger is whole');
  const recorded = await checkBothWorked(activations);
  const { events, head } = await api.ledger();
  assertGapless(events, head);
  assertHashChain(events);
  const outcomes = outcomesByRequest(events);
  recountDecisions(events);
  await assertAcknowledgedRecorded([...asked, ...again], { outcomes, root, nowMs: systemClock.nowMs() });
  assert.equal(outcomes.size, asked.length + again.length, 'one outcome for each request, not one for each time it was sent');
  await checkSameCounts(host, head);
  const { equal } = await api.replay();
  assert.ok(equal, 'the counts rebuilt from the first event equal the live ones');

  return `Two activation replicas (${recorded.join(' and ')} events) and two counting replicas gave ${MACHINES} machines the answers of one in ${(tookMs / 1000).toFixed(1)} s: ${THRESHOLD - 1} deferrals, then ${MACHINES - THRESHOLD + 1} leases, every count from 1 to ${MACHINES} exactly once.`;
};

export const replicas: Story = {
  name: 'replicas',
  sentence: 'Two activation and two counting replicas under concurrent requests give exactly the answers of one.',
  timeoutMs: 180_000,
  tell,
};
