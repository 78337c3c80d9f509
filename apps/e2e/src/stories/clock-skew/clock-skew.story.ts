import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DAY_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet, eventually } from '@muster/testing';
import type { SignedWish } from '../../fleet/wish.js';
import { POOL, signWish, WORKSTATION } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import { problemOf } from '../../host/host-api.js';
import { killNow } from '../../host/processes.js';
import { assertGapless, assertTimeForward, recountDecisions } from '../../ledger/audit-ledger.js';
import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import { movableClock } from './movable-clock.js';

/**
 * Clock skew: the services' clock jumps a day ahead, and then a day behind, while PostgreSQL keeps the right time.
 *
 * Nothing may be recorded under a wrong time: 30 days of it at once would age a whole fleet out of the count, for ever.
 */
const [first, second, early, late] = aFleet(4, 'clock-skew') as [TestMachine, TestMachine, TestMachine, TestMachine];

/** A process looks at its clock's file once a second, and its readiness is up to a second old. */
const NOTICE_TIMEOUT_MS = 30_000;

interface Readiness {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail?: string }[];
}

const readinessOf = async ({ partsOf }: Host): Promise<{ readonly status: number; readonly body: Readiness }> => {
  const [activation] = partsOf('activation');
  const response = await fetch(`http://127.0.0.1:${activation?.port}/readyz`);
  return { status: response.status, body: (await response.json()) as Readiness };
};

/** Not ready, and it says why: which way the clock is off. */
const untilNotReady = (host: Host, side: 'ahead of' | 'behind'): Promise<string> =>
  eventually(
    async () => {
      const { status, body } = await readinessOf(host);
      assert.equal(status, 503, JSON.stringify(body));
      const reason = body.checks.find(({ detail }) => detail?.includes('clock-skew') === true && detail.includes(side));
      assert.ok(reason?.status === 'down', JSON.stringify(body));
      return reason.detail ?? '';
    },
    { timeoutMs: NOTICE_TIMEOUT_MS },
  );

const untilReady = (host: Host): Promise<void> =>
  eventually(async () => assert.equal((await readinessOf(host)).status, 200), { timeoutMs: NOTICE_TIMEOUT_MS });

const expectClockSkew = async ({ api }: Host, { jws }: SignedWish): Promise<void> => {
  const answer = await api.postRequest(jws);
  const problem = problemOf(answer);
  assert.deepEqual([answer.status, problem.code], [503, 'clock-skew'], answer.text);
  assert.ok(Number(answer.headers.get('retry-after')) > 0, 'it says when to come back');
};

/** Asks at the real time and at the host's, before and after the service was started anew under the wrong clock. */
const checkNothingRecorded = async (host: Host, { days, wish }: { days: number; wish: SignedWish }): Promise<void> => {
  const head = await host.api.head();
  const side = days > 0 ? 'ahead of' : 'behind';
  const ask = async (): Promise<void> => {
    await expectClockSkew(host, wish);
    await expectClockSkew(host, await signWish(wish.machine, wish, { iat: toNumericDate(systemClock.nowMs()) + days * DAY_SECONDS }));
  };
  await untilNotReady(host, side);
  await ask();
  const pid = host.partsOf('activation')[0]?.pid ?? 0;
  killNow(pid);
  await eventually(() => assert.ok(host.partsOf('activation').some((part) => part.pid !== pid), 'it is started again'), { timeoutMs: NOTICE_TIMEOUT_MS });
  await untilNotReady(host, side);
  await ask();
  assert.equal(await host.api.head(), head, 'the ledger did not move');
};

const tell = async (stage: Stage): Promise<string> => {
  const clock = await movableClock(join(stage.dir, 'clock'));
  stage.step('A host starts with a clock that can be moved; two machines are counted');
  const host = await stage.startHost({ env: clock.env });
  assert.equal((await host.api.activate((await signWish(first, { product: WORKSTATION })).jws)).count, 1);
  assert.equal((await host.api.activate((await signWish(second, { product: WORKSTATION })).jws)).count, 2);

  const refused: SignedWish[] = [];
  for (const [days, machine] of [[1, early], [-1, late]] as const) {
    stage.step(`The clock jumps to a day ${days > 0 ? 'ahead' : 'behind'}: not ready, requests are told to come back, the ledger does not move; nor after a restart`);
    clock.move(days);
    const wish = await signWish(machine, { product: WORKSTATION });
    await checkNothingRecorded(host, { days, wish });
    refused.push(wish);
  }

  stage.step('The clock is right again: ready by itself, and the requests that were told to come back are decided');
  clock.move(0);
  await untilReady(host);
  for (const [index, { jws }] of refused.entries()) assert.equal((await host.api.activate(jws)).count, 3 + index);
  const { events, head } = await host.api.ledger();
  assertGapless(events, head);
  assertTimeForward(events);
  assert.equal(recountDecisions(events).counts.get(POOL), 4);

  return `With the clock a day ahead and a day behind, the activation service was not ready, said so, answered 8 requests with 503 and when to come back, and recorded nothing; with the right time it went on by itself to a count of 4 in ${head} events.`;
};

export const clockSkew: Story = {
  name: 'clock-skew',
  sentence: 'A service whose clock is a day ahead or behind says so, records nothing, and goes on when its clock is right.',
  timeoutMs: 240_000,
  tell,
};
