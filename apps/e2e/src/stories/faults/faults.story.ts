import assert from 'node:assert/strict';
import { join } from 'node:path';
import { systemClock } from '@muster/kernel';
import { eventually, seededDraws } from '@muster/testing';
import { readPublicKeyFile } from '@muster/trust';
import { POOL } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import { decisionOf, releaseOf } from '../../host/host-api.js';
import { killNow } from '../../host/processes.js';
import type { PartKind } from '../../host/run-file.js';
import { assertAcknowledgedRecorded, assertReleasesRecorded } from '../../ledger/audit-answers.js';
import { assertGapless, assertHashChain, assertTimeForward, outcomesByRequest, recountDecisions } from '../../ledger/audit-ledger.js';
import { auditLeases, countEnds } from '../../ledger/audit-leases.js';
import type { SteadyLoad, Work } from '../../load/steady-load.js';
import { startLoad } from '../../load/steady-load.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';

/**
 * Faults: each part in turn is killed with SIGKILL in the middle of a load of signed requests, while the clients keep asking under the same ids.
 *
 * Afterwards the ledger is read from its first event and held against what every client was told.
 */
const VICTIMS: readonly PartKind[] = ['activation', 'lease-renewal', 'counting', 'nats', 'postgres'];

const ALL_WORK: readonly Work[] = ['activations', 'leases'];
/** What must go on by itself once the part is back; the other kind of work does not even stop. */
const workOf = (kind: PartKind): readonly Work[] => (kind === 'activation' ? ['activations'] : kind === 'lease-renewal' ? ['leases'] : ALL_WORK);

const CLIENTS = 6;
/** Answers of each kind before the first kill and after each return: enough that the part is in the middle of something. */
const ANSWERS_BETWEEN = 40;
/** Its process and its recovery, on a machine with better things to do. */
const RETURN_TIMEOUT_MS = 60_000;
/** "Within seconds of the part's return". */
const RESUME_MS_MAX = 10_000;
/** "Quickly, not hangs": the gateway gives a request 3 s. */
const FAILURE_MS_MAX = 5_000;

interface Outage {
  readonly kind: PartKind;
  readonly failures: number;
  readonly slowestFailureMs: number;
  readonly returnedAfterMs: number;
  /** From the part's return to the next decision asked for after it, of each kind that needs it. */
  readonly resumedAfterMs: number;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const answersMore = async (load: SteadyLoad, more: number): Promise<void> => {
  const enough = ALL_WORK.map((work) => {
    const before = load.answered(work);
    return eventually(() => assert.ok(load.answered(work) >= before + more, `${load.answered(work) - before} of ${more} ${work}`), { timeoutMs: RETURN_TIMEOUT_MS });
  });
  await Promise.race([Promise.all(enough), load.wrong]);
};

/** Answers that came meanwhile of the work that does not need the part. */
const undisturbed = (load: SteadyLoad, kind: PartKind): (() => void) => {
  const others = ALL_WORK.filter((work) => !workOf(kind).includes(work)).map((work) => ({ work, before: load.answered(work) }));
  return () => others.forEach(({ work, before }) => assert.ok(load.answered(work) > before, `${work} went on without ${kind}`));
};

/** Waits for the part's next process, as `run.json` tells of it once it is of use again. */
const untilReturned = (host: Host, kind: PartKind, killedPid: number): Promise<void> =>
  eventually(() => assert.ok(host.partsOf(kind).some(({ pid }) => pid !== killedPid), `no new ${kind} yet`), { timeoutMs: RETURN_TIMEOUT_MS });

const killAndWait = async (host: Host, load: SteadyLoad, kind: PartKind): Promise<Outage> => {
  const [victim] = host.partsOf(kind);
  assert.ok(victim !== undefined, `${kind} runs`);
  const killedAtMs = performance.now();
  const checkUndisturbed = undisturbed(load, kind);
  killNow(victim.pid);
  await Promise.race([untilReturned(host, kind, victim.pid), load.wrong]);
  checkUndisturbed();
  const returnedAtMs = performance.now();
  const resumed = workOf(kind).map((work) => eventually(() => load.firstAnsweredSince(returnedAtMs, work) ?? assert.fail(`none of the ${work} yet`), { timeoutMs: RETURN_TIMEOUT_MS }));
  const resumedAtMs = Math.max(...(await Promise.race([load.wrong, Promise.all(resumed)])));
  await answersMore(load, ANSWERS_BETWEEN);
  const failures = load.failuresSince(killedAtMs);
  return {
    kind,
    failures: failures.length,
    slowestFailureMs: Math.max(0, ...failures.map(({ tookMs }) => tookMs)),
    returnedAfterMs: returnedAtMs - killedAtMs,
    resumedAfterMs: resumedAtMs - returnedAtMs,
  };
};

const checkAllReady = (host: Host): Promise<void> =>
  eventually(async () => {
    for (const { name, port } of host.run().parts.filter(({ kind }) => kind !== 'postgres' && kind !== 'nats')) {
      const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
      assert.equal(status, 200, `${name} is ready`);
    }
  });

const tell = async (stage: Stage): Promise<string> => {
  stage.step('A host starts; machines begin to ask for leases, to renew them and to give them back');
  const host = await stage.startHost();
  const root = await readPublicKeyFile(join(host.dataDir, 'vendor', 'vendor-root.public.json'));
  const load = startLoad({ api: host.api, clients: CLIENTS, draws: seededDraws('faults') });
  stage.onEnd(() => load.stop().then(() => undefined, () => undefined));
  await answersMore(load, ANSWERS_BETWEEN);

  const outages: Outage[] = [];
  for (const kind of VICTIMS) {
    stage.step(`SIGKILL to ${kind}`);
    const outage = await killAndWait(host, load, kind);
    outages.push(outage);
    const { failures, slowestFailureMs, returnedAfterMs, resumedAfterMs } = outage;
    stage.note(`back after ${seconds(returnedAfterMs)}, decisions again ${Math.round(resumedAfterMs)} ms later; ${failures} requests were told to come back, the slowest after ${Math.round(slowestFailureMs)} ms`);
    assert.ok(resumedAfterMs < RESUME_MS_MAX, `work went on only ${seconds(resumedAfterMs)} after the return of ${kind}`);
    assert.ok(slowestFailureMs < FAILURE_MS_MAX, `a client waited ${seconds(slowestFailureMs)} to be told that ${kind} is away`);
  }

  stage.step('The machines stop asking; every part is ready');
  const { acknowledged, releases, failures, repeated } = await load.stop();
  await checkAllReady(host);
  const connectionFailures = failures.filter(({ what }) => !what.startsWith('503'));
  assert.deepEqual(connectionFailures, [], 'the gateway itself was there all the time');

  stage.step('The ledger against the answers: nothing lost, nothing doubled, no lease below its threshold');
  const { events, head } = await host.api.ledger();
  assertGapless(events, head);
  assertTimeForward(events);
  assertHashChain(events);
  const outcomes = outcomesByRequest(events);
  const { granted, deferred, counts } = recountDecisions(events);
  await assertAcknowledgedRecorded(acknowledged, { outcomes, root, nowMs: systemClock.nowMs() });
  // Every client kept asking until it was answered, so the ledger holds not one decision more either.
  assert.equal(outcomes.size, acknowledged.length, 'as many decisions as acknowledgements');
  assertReleasesRecorded(releases, events);
  const leases = countEnds(auditLeases(events, { recordedUntilMs: systemClock.nowMs() }));
  assert.equal(leases.released, releases.length);
  const renewed = acknowledged.filter(({ answer }) => answer.outcome === 'renewed').length;
  assert.equal((await host.api.count(POOL)).count, counts.get(POOL), 'the count equals a naive recount');
  const { equal } = await host.api.replay();
  assert.ok(equal, 'the counts rebuilt from the first event equal the live ones');
  for (const { wish, answer } of acknowledged.slice(0, 20)) assert.deepEqual(decisionOf(await host.api.post(wish)), answer, 'an early answer, once more');
  for (const { request, answer } of releases.slice(0, 5)) assert.deepEqual(releaseOf(await host.api.post(request)), answer, 'an early release, once more');

  const slowest = Math.max(...outages.map(({ slowestFailureMs }) => slowestFailureMs));
  const resumed = Math.max(...outages.map(({ resumedAfterMs }) => resumedAfterMs));
  return `${VICTIMS.join(', ')} were killed under load: all ${acknowledged.length} acknowledged decisions (${granted} leases, ${renewed} of them renewals, and ${deferred} deferrals) and ${releases.length} releases stand exactly once in ${head} gapless events, ${repeated} repeats got the same bytes, ${failures.length} requests were told to come back within ${seconds(slowest)}, and work went on within ${seconds(resumed)} of each return.`;
};

export const faults: Story = {
  name: 'faults',
  sentence: 'Parts are killed under load: no acknowledged decision is lost or doubled, clients are told to come back, and work goes on by itself.',
  timeoutMs: 300_000,
  tell,
};
