import fc from 'fast-check';
import type { DomainEvent, EventOf } from '@muster/contracts';
import type { AppendBatch } from '@muster/event-store';
import { DAY_SECONDS, isProblem, SECOND_MS } from '@muster/kernel';
import { aHostCertificate, TEST_START_MS } from '@muster/testing';
import { verifyLease } from '@muster/trust';
import type { LeaseWorld } from './lease-world.fixture.js';
import { LEDGER, leaseWorld, unknownMachine } from './lease-world.fixture.js';

const worlds: LeaseWorld[] = [];
const world = async (size = 3): Promise<LeaseWorld> => {
  const made = await leaseWorld(size);
  worlds.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()));
});

const kindOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'answered',
    (error: unknown) => (isProblem(error) ? error.kind : error),
  );

const isOf =
  <T extends DomainEvent['type']>(type: T) =>
  (event: DomainEvent): event is EventOf<T> =>
    event.type === type;

describe('a renewal', () => {
  it('is a lease that verifies offline and names the one it renews; a repeat gets the same bytes, also past the end of the old lease', async () => {
    const { replica, renewal, clock, rootKey, idOf, endMs, events } = await world();
    const { leases } = await replica();
    clock.advance(7 * DAY_SECONDS);
    const command = await renewal(0);
    const answer = await leases.renew(command);
    if (answer.outcome !== 'renewed') throw new Error(answer.outcome);
    const { claims } = await verifyLease(answer.lease, { root: rootKey.publicJwk, atMs: clock.nowMs() });
    expect(claims).toMatchObject({ jti: answer.leaseId, renews: idOf(0), exp: claims.iat + 180 * DAY_SECONDS });
    const recorded = (await events()).length;
    clock.set(endMs + 1);
    expect(JSON.stringify(await leases.renew(command))).toBe(JSON.stringify(answer));
    expect((await events()).length).toBe(recorded);
    expect((await events()).find(isOf('ActivationRequested'))?.data.drawnFor).toBe(command.request.drawnFor);
  });

  it('is a conflict under an id that was used with other content', async () => {
    const { replica, renewal, release } = await world();
    const { leases } = await replica();
    const command = await renewal(0);
    await leases.renew(command);
    const other = await release(0);
    expect(await kindOf(leases.release({ request: { ...other.request, requestId: command.request.requestId } }))).toBe('request-id-conflict');
  });

  it('of a lease of another host of the vendor and organisation is an activation; of another vendor it is nothing', async () => {
    const { replica, renewal, leaseOf } = await world();
    const { leases } = await replica();
    const sibling = await aHostCertificate({}, { hostSeed: 'sibling' });
    const stranger = await aHostCertificate({}, { seed: 'stranger' });
    expect(await leases.renew(await renewal(0, await leaseOf(0, sibling.hostKey, sibling.certificate)))).toMatchObject({ outcome: 'granted' });
    expect(await kindOf(leases.renew(await renewal(0, await leaseOf(0, stranger.hostKey, stranger.certificate))))).toBe('lease-not-trusted');
  });
});

describe('commands that meet in one batch', () => {
  it('about one machine are decided one after the other', async () => {
    const { replica, renewal, release, machineOf } = await world();
    const { leases } = await replica();
    const [first, second, third] = [await release(0), await renewal(0), await renewal(1)];
    const answers = [kindOf(leases.release(first)), kindOf(leases.renew(second)), kindOf(leases.renew(third)), kindOf(leases.retire({ machine: machineOf(1), reason: 'lost', actor: 'operator:test' }))];
    expect(await Promise.all(answers)).toEqual(['answered', 'lease-released', 'answered', 'answered']);
    expect(await kindOf(leases.renew(await renewal(1)))).toBe('lease-released');
  });

  it('end the lease that the one before has just renewed', async () => {
    const { replica, renewal, machineOf, events } = await world();
    const { leases } = await replica();
    const [renewed] = await Promise.all([leases.renew(await renewal(0)), leases.retire({ machine: machineOf(0), reason: 'reimaged', actor: 'operator:test' })]);
    const released = (await events()).filter(isOf('ActivationReleased'));
    expect(released.map(({ data }) => data.leaseId)).toEqual(['leaseId' in renewed ? renewed.leaseId : null]);
  });

  it('know a machine by its events, and no other', async () => {
    const { leases } = await (await world()).replica();
    expect(await kindOf(leases.retire({ machine: unknownMachine, reason: 'lost', actor: 'operator:test' }))).toBe('machine-unknown');
  });
});

describe('the end of leases', () => {
  it('is recorded once each, by however many scanners', async () => {
    const { replica, passTo, endMs, events, idOf } = await world(700);
    const replicas = [await replica(), await replica()];
    await passTo(endMs);
    const scan = async ({ leases }: (typeof replicas)[number]): Promise<void> => {
      while ((await leases.expireDue()) > 0);
    };
    await Promise.all(replicas.map(scan));
    const expired = (await events()).filter(isOf('ActivationExpired')).map(({ data }) => data.leaseId);
    expect(expired.toSorted()).toEqual(Array.from({ length: 700 }, (_, index) => idOf(index)));
  });

  it('never follows or goes before a renewal of the same lease, however two processes interleave around it', async () => {
    const step = fc.record({
      what: fc.constantFrom('renew', 'expire', 'tick', 'release'),
      process: fc.nat(1),
      lease: fc.nat(3),
      wait: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const { replica, renewal, release, clock, passTo, endMs, events, stop } = await leaseWorld(4);
        try {
          const processes = [await replica(), await replica()];
          await passTo(endMs - 2 * SECOND_MS);
          const under: Promise<unknown>[] = [];
          for (const { what, process, lease, wait } of steps) {
            const { leases } = processes[process] as (typeof processes)[number];
            if (what === 'tick') clock.advance(1);
            else if (what === 'renew') under.push(kindOf(leases.renew(await renewal(lease))));
            else if (what === 'release') under.push(kindOf(leases.release(await release(lease))));
            else under.push(kindOf(leases.expireDue()));
            if (wait) await Promise.all(under);
          }
          await Promise.all(under);
          clock.set(endMs + SECOND_MS);
          for (const { leases } of processes) await leases.expireDue();

          const all = await events();
          const ended = [...all.filter(isOf('ActivationExpired')), ...all.filter(isOf('ActivationReleased'))].map(({ data }) => data.leaseId);
          const superseded = new Set(all.filter(isOf('ActivationRenewed')).map(({ data }) => data.renewedLease));
          expect(new Set(ended).size).toBe(ended.length);
          expect(ended.filter((leaseId) => superseded.has(leaseId))).toEqual([]);
          // Nothing was forgotten either: each of the four was renewed, released or recorded as expired.
          expect(new Set([...ended, ...superseded]).size).toBeGreaterThanOrEqual(4);
        } finally {
          await stop();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of a hundred thousand leases at once takes only the room that renewals leave', async () => {
    const EXPIRING = 100_000;
    const RENEWING = 200;
    const { replica, renewal, newStore, clock, passTo, endMs, leaseOf } = await world(EXPIRING);
    const commits: (readonly string[])[] = [];
    const store = newStore();
    const { leases } = await replica({
      store: {
        ...store,
        append: (batch: AppendBatch) => {
          commits.push(batch.events.map(({ event }) => event.type));
          return store.append(batch);
        },
      },
    });
    const sibling = await aHostCertificate({}, { hostSeed: 'sibling' });
    // Leases of another host that still run: here they are activations, which go the same way.
    await passTo(endMs - SECOND_MS);
    const asked = await Promise.all(Array.from({ length: RENEWING }, async (_, index) => renewal(index, await leaseOf(index, sibling.hostKey, sibling.certificate))));
    clock.set(endMs);
    const running = asked.map((command) => ({ ...command, request: { ...command.request, presented: { ...command.request.presented, expiresAt: endMs / SECOND_MS + DAY_SECONDS } } }));
    const scanned = leases.expireDue();
    const answers = await Promise.all(running.map((command) => leases.renew(command as typeof asked[number])));
    await scanned;
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['granted']));
    // The very first commit holds every renewal that was waiting, and expiries in what was left of it.
    expect(commits[0]?.filter((type) => type === 'ActivationGranted')).toHaveLength(RENEWING);
    expect(commits[0]?.filter((type) => type === 'ActivationExpired')).toHaveLength(512 - 2 * RENEWING);
    // And without renewals, a commit is full of them.
    expect(await leases.expireDue()).toBe(512);
  }, 120_000);
});

it('the ledger of these tests begins where they say', async () => {
  const { store } = await world();
  expect((await store.head(LEDGER)).recordedAtMs).toBe(TEST_START_MS);
});
