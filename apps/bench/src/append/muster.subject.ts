import type { RequestActivation } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { decideActivation, hostFold } from '@muster/domain';
import type { Decision, EventStore, LedgerWriter, LookedUp } from '@muster/event-store';
import { createLedgerWriter, createPostgresEventStore, migrate } from '@muster/event-store';
import { systemClock, systemDraws } from '@muster/kernel';
import { hostActivated } from '@muster/testing';
import { createDevelopmentVendor } from '@muster/trust';
import { driveInFlight } from '../measure/drive-in-flight.js';
import type { Subject } from '../measure/lane.js';
import type { BenchServer } from '../stack/bench-server.js';
import { aRequest, requestedEvent } from './domain-events.js';
import { IN_FLIGHT } from './in-flight.js';

const LEDGER = 'main';

/** Of this private server only, which listens on loopback and is gone with the run. */
const SERVICE_ROLE = { name: 'muster_bench_service', password: 'of-a-private-server' };

type Decide = (looked: LookedUp<RequestActivation>, at: { readonly head: number; readonly nowMs: number; readonly index: number }) => Decision<'recorded'>;

const done = (): 'recorded' => 'recorded';

/** One event a command: what the single-row peers do. */
const oneEvent: Decide = ({ command }) => ({
  kind: 'record',
  events: [{ event: requestedEvent(command), actor: `machine:${command.machine}`, requestId: command.requestId, causedByPrevious: false }],
  outcomeIndex: 0,
  answer: done,
});

/** What the activation service records, decided by the product's own rule: the request, its outcome, and the personal data beside them. */
const wholeDecision =
  (host: HostState): Decide =>
  ({ command }, { head, nowMs, index }) => {
    const counts = { physical: head / 2 + index + 1, virtual: 0 };
    const decision = decideActivation(command, host, { head, nowMs, clockMs: nowMs, counts, draws: { leaseId: systemDraws.uuid(), spread: systemDraws.unit() } });
    if (decision.status === 'rejected') throw new Error(`${decision.kind}: ${decision.detail}`);
    const { machine, requestId, hostname, address } = command;
    return {
      kind: 'record',
      events: decision.events.map((event, nth) => ({ event, actor: `machine:${machine}`, requestId, causedByPrevious: nth > 0 })),
      outcomeIndex: 1,
      personal: { machine, requestId, hostname, address },
      answer: done,
    };
  };

const asService = (url: string): string => {
  const changed = new URL(url);
  changed.username = SERVICE_ROLE.name;
  changed.password = SERVICE_ROLE.password;
  return changed.href;
};

/** A fresh ledger with a writer on it. */
interface Bench {
  readonly store: EventStore;
  readonly writer: LedgerWriter<RequestActivation, 'recorded'>;
  readonly close: () => Promise<void>;
}

const openBench = async (server: BenchServer, decide: Decide): Promise<Bench> => {
  const database = await server.makeDatabase();
  await migrate({ url: database.url, ledgers: [LEDGER], serviceRole: SERVICE_ROLE });
  const store = createPostgresEventStore({ url: asService(database.url), clock: systemClock, applicationName: 'muster-bench' });
  const writer = createLedgerWriter<RequestActivation, 'recorded'>({
    store,
    ledger: LEDGER,
    clock: systemClock,
    identify: ({ machine, requestId, contentDigest }) => ({ machine, requestId, contentDigest }),
    decide: async ({ head, nowMs, commands }) => ({
      status: 'decided',
      decisions: commands.map((command, index) => decide(command, { head: head.position, nowMs, index })),
    }),
  });
  const close = async (): Promise<void> => {
    await writer.stop();
    await store.close();
    await database.drop();
  };
  return { store, writer, close };
};

interface MusterSubject extends Subject {
  readonly close: () => Promise<void>;
}

const subjectOf = (server: BenchServer, { name, decide, eventsEach }: { readonly name: string; readonly decide: Decide; readonly eventsEach: number }): MusterSubject => {
  let next: Bench | undefined;
  const open = async (): Promise<Bench> => (next ??= await openBench(server, decide));
  return {
    name,
    measure: async (seconds) => {
      const { store, writer, close } = await open();
      next = undefined;
      try {
        await server.checkpoint();
        const sample = await driveInFlight({ inFlight: IN_FLIGHT, seconds, operation: () => writer.submit(aRequest()) });
        // Gapless from 1, so the head is the number of events; anything else would be a fast wrong answer.
        const events = (await store.head(LEDGER)).position;
        if (events !== sample.count * eventsEach) throw new Error(`${sample.count} commands were answered, and the ledger has ${events} events`);
        return { ...sample, count: events };
      } finally {
        await close();
        // For the next round, and now: by then it has run for a while, as a service has, and no longer takes turns with writers that might be there.
        await open();
      }
    },
    close: async () => next?.close(),
  };
};

export const ONE_EVENT = 'muster, one event a command';
export const WHOLE_DECISION = 'muster, two events a decision';

export const musterSubjects = async (server: BenchServer): Promise<readonly MusterSubject[]> => {
  const { certificate } = await createDevelopmentVendor({ nowMs: Date.now() });
  const host = hostFold.evolve(hostFold.initialState(), hostActivated(certificate));
  return [
    subjectOf(server, { name: ONE_EVENT, decide: oneEvent, eventsEach: 1 }),
    subjectOf(server, { name: WHOLE_DECISION, decide: wholeDecision(host), eventsEach: 2 }),
  ];
};
