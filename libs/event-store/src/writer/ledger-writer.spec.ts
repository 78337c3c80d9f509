import fc from 'fast-check';
import { anEvent, eventually } from '@muster/testing';
import type { EventStore } from '../event-store.port.js';
import { append, aStore, fleetFold, hostRetired, intercepted, LEDGER, machineId } from '../follower/fleet.fixture.js';
import { stateAsOf } from '../follower/state-as-of.js';
import type { Ask, AskAnswer } from './toy-activation.fixture.js';
import { clock, decideFrom, eventsOf, figures, fleetAtHead, gate, outcomes, stopWriters, withoutTurns, writerOn } from './ledger-writer.fixture.js';

afterEach(stopWriters);

describe('a writer', () => {
  it('writes what arrives during a commit as one batch', async () => {
    const store = aStore();
    const { batches, observer } = figures();
    const first = gate();
    const slow = intercepted(store, { append: (batch) => first.wait().then(() => store.append(batch)) });
    const writer = writerOn(slow, { observer, batchCommandsMax: 4 });
    const submitted = [writer.submit({ machine: 0, request: 0 })];
    await eventually(() => expect(first.arrived()).toBe(1));
    for (let machine = 1; machine <= 6; machine += 1) submitted.push(writer.submit({ machine, request: 0 }));
    expect(writer.status).toEqual({ queued: 6, outstanding: 7 });
    first.open();
    const answers = await Promise.all(submitted);
    expect(batches.map(({ commands, events, rounds }) => [commands, events, rounds])).toEqual([[1, 2, 1], [4, 8, 1], [2, 4, 1]]);
    expect(answers.map(({ outcome, position, count }) => [outcome, position, count])).toEqual([
      ...[1, 2].map((count) => ['ActivationDeferred', count * 2, count]),
      ...[3, 4, 5, 6, 7].map((count) => ['ActivationGranted', count * 2, count]),
    ]);
    expect(writer.status).toEqual({ queued: 0, outstanding: 0 });
  });

  it('gives the answers and the ledger of one command at a time in the order of its batches, whatever those are', async () => {
    const asks: fc.Arbitrary<Ask[]> = fc.array(
      fc.record({ machine: fc.nat({ max: 5 }), request: fc.nat({ max: 2 }), virtual: fc.boolean(), unknownProduct: fc.nat({ max: 9 }).map((drawn) => drawn === 0) }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 2, max: 12 }), fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }), async (commands, batchCommandsMax, pauses) => {
        const batched = aStore();
        const decide = decideFrom(batched);
        // Those that wait together have no order of their own: a repeat is held back, and others may pass it.
        const order: Ask[] = [];
        const together = writerOn(batched, {
          batchCommandsMax,
          decide: (round) => {
            order.push(...round.commands.map(({ command }) => command));
            return decide(round);
          },
        });
        const submitted: Promise<AskAnswer>[] = [];
        for (const [index, command] of commands.entries()) {
          const answer = together.submit(command);
          answer.catch(() => undefined);
          submitted.push(answer);
          if (pauses[index] === true) await new Promise(setImmediate);
        }
        const ends = await outcomes(submitted);

        const single = aStore();
        const oneAtATime = writerOn(single);
        expect(order).toHaveLength(commands.length);
        for (const command of order) expect([ends[commands.indexOf(command)]]).toEqual(await outcomes([oneAtATime.submit(command)]));
        expect(await fleetAtHead(batched)).toBe(await fleetAtHead(single));
      }),
      { numRuns: 100 },
    );
  });

  it('holds a second command of the same request for a later batch, where it is a repeat', async () => {
    const store = aStore();
    const { batches, observer } = figures();
    const writer = writerOn(store, { observer });
    const ask = { machine: 1, request: 1 };
    const ends = await outcomes([writer.submit(ask), writer.submit(ask), writer.submit({ ...ask, virtual: true })]);
    expect(ends).toEqual([{ outcome: 'ActivationDeferred', position: 2, count: 1 }, { outcome: 'ActivationDeferred', position: 2, count: 1 }, 'request-id-conflict']);
    expect(batches.map(({ events }) => events)).toEqual([2, 0, 0]);
  });

  it('tells of a commit before it answers', async () => {
    const told: string[] = [];
    const writer = writerOn(aStore(), { onAppended: (events) => told.push(`appended ${events.length}`) });
    await Promise.all([1, 2].map((machine) => writer.submit({ machine, request: 0 }).then(() => told.push('answered'))));
    expect(told).toEqual(['appended 4', 'answered', 'answered']);
  });

  it('puts more events than one commit takes into several, in order', async () => {
    const store = aStore();
    const { batches, observer } = figures();
    const each = 100;
    const writer = writerOn(store, {
      observer,
      decide: async ({ commands }) => ({
        status: 'decided',
        decisions: commands.map(({ command }) => ({
          kind: 'record',
          outcomeIndex: 0,
          events: Array.from({ length: each }, () => ({ event: anEvent('MachineRetired'), actor: 'operator:test', requestId: null, causedByPrevious: false })),
          answer: ([recorded]) => ({ outcome: String(command.machine), position: recorded!.position, count: null }),
        })),
      }),
    });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, machine) => writer.submit({ machine, request: 0 })));
    expect(batches.map(({ events }) => events)).toEqual([500, 500, 200]);
    expect(answers.map(({ outcome, position }) => [outcome, position])).toEqual(Array.from({ length: 12 }, (_, index) => [String(index), index * each + 1]));
  });
});

describe('between look-up and append', () => {
  /** Lets something into the ledger once, after the first look-up: what the writer decides from is old by then. */
  const slippingIn = (store: EventStore, slip: () => Promise<unknown>): EventStore => {
    let slipped = false;
    return intercepted(store, {
      append: async (batch) => {
        if (!slipped) {
          slipped = true;
          await slip();
        }
        return store.append(batch);
      },
    });
  };

  it('a new certificate is not missed', async () => {
    const store = aStore();
    await append(store, [anEvent('HostActivated')]);
    const { moved, observer } = figures();
    const writer = writerOn(slippingIn(store, () => append(store, [anEvent('HostActivated')])), { observer });
    await writer.submit({ machine: 1, request: 0 });
    const events = await eventsOf(store);
    expect(events.map(({ type }) => type)).toEqual(['HostActivated', 'HostActivated', 'ActivationRequested', 'ActivationDeferred']);
    expect(JSON.parse(Buffer.from(events[3]!.body).toString('utf8'))).toMatchObject({ basis: { head: 2, certificate: machineId(2) } });
    expect(moved).toEqual([1]);
  });

  it('a retirement is not missed', async () => {
    const store = aStore();
    const writer = writerOn(slippingIn(store, () => append(store, [hostRetired])));
    expect(await writer.submit({ machine: 1, request: 0 })).toEqual({ outcome: 'ActivationRefused', position: 3, count: null });
  });

  it('the same request through another writer is not recorded twice', async () => {
    const store = aStore();
    const other = writerOn(withoutTurns(store));
    const ask = { machine: 1, request: 0 };
    const writer = writerOn(slippingIn(store, () => other.submit(ask)));
    expect(await writer.submit(ask)).toEqual({ outcome: 'ActivationDeferred', position: 2, count: 1 });
    expect(await eventsOf(store)).toHaveLength(2);
  });

  it('time never goes backwards, even when the clock does', async () => {
    const store = aStore();
    await append(store, [hostRetired], clock.nowMs() + 4_000);
    await writerOn(store).submit({ machine: 1, request: 0 });
    expect((await eventsOf(store)).map(({ recordedAtMs }) => recordedAtMs - clock.nowMs())).toEqual([4_000, 4_000, 4_000]);
  });

  it('a decider that cannot read as of the head any more is asked again, as of the new one', async () => {
    const store = aStore();
    const asked: number[] = [];
    const decide = decideFrom(store);
    const writer = writerOn(store, {
      decide: async (round) => {
        asked.push(round.head.position);
        if (asked.length > 1) return decide(round);
        await append(store, [hostRetired]);
        return { status: 'moved' };
      },
    });
    expect((await writer.submit({ machine: 1, request: 0 })).outcome).toBe('ActivationRefused');
    expect(asked).toEqual([0, 1]);
  });

  it('gives up when the ledger never holds still', async () => {
    const { moved, observer } = figures();
    const writer = writerOn(aStore(), { observer, decide: async () => ({ status: 'moved' }) });
    expect(await outcomes([writer.submit({ machine: 1, request: 0 })])).toEqual(['unavailable']);
    expect(moved).toHaveLength(256);
  });
});

describe('two writers on one ledger', () => {
  it('record every request once, and count as one writer would', async () => {
    const asks = fc.array(fc.record({ machine: fc.nat({ max: 6 }), request: fc.nat({ max: 2 }), by: fc.nat({ max: 1 }), pause: fc.boolean() }), { minLength: 2, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(asks, fc.boolean(), fc.constantFrom(0, 10_000), async (commands, withTurns, othersMemoryMs) => {
        const shared = aStore();
        const store = withTurns ? shared : withoutTurns(shared);
        const writers = [writerOn(store, { batchCommandsMax: 3, othersMemoryMs }), writerOn(store, { batchCommandsMax: 3, othersMemoryMs })];
        const submitted: Promise<AskAnswer>[] = [];
        for (const { machine, request, by, pause } of commands) {
          submitted.push(writers[by]!.submit({ machine, request }));
          if (pause) await new Promise(setImmediate);
        }
        const answers = await Promise.all(submitted);
        // Every answer is the outcome in the ledger, at its own place, and a count that a recount of the events before it confirms.
        const events = await eventsOf(store);
        expect(new Set(answers.map(({ position }) => position)).size).toBe(events.length / 2);
        expect(new Set(events.map(({ columns, requestId }) => `${columns.machine} ${requestId}`)).size).toBe(events.length / 2);
        for (const { outcome, position, count } of answers) {
          expect(events[position - 1]!.type).toBe(outcome);
          const { machines } = await stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position });
          expect(count).toBe(machines.size);
        }
      }),
      { numRuns: 60 },
    );
  });
});
