import type { CloudEvent, DomainEvent } from '@muster/contracts';
import { toCloudEvent } from '@muster/contracts';
import type { NewEvent } from '@muster/event-store';
import { createInMemoryEventStore } from '@muster/event-store';
import { DAY_SECONDS, toInstant } from '@muster/kernel';
import { aHostCertificate, aMachine, anEvent, fixedClock, hostActivated, seededDraws } from '@muster/testing';
import { assertGapless, assertHashChain, assertTimeForward, outcomesByRequest, recountDecisions } from './audit-ledger.js';

const LEDGER = 'main';

/** A ledger as the services would write it: machines ask for servers, one a day, the first once more; counts as given. */
const ledgerOf = async (asked: readonly { readonly machine: string; readonly count: number; readonly granted: boolean; readonly day: number }[]): Promise<readonly CloudEvent[]> => {
  const clock = fixedClock();
  const startMs = clock.nowMs();
  const store = createInMemoryEventStore({ clock, storeClock: clock });
  const { certificate } = await aHostCertificate();
  const draws = seededDraws('audit');
  const append = async (...events: readonly NewEvent[]): Promise<void> => {
    const nowMs = clock.nowMs();
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events, requests: [], personal: [] });
  };
  await append({ event: hostActivated(certificate), actor: 'service:activation', requestId: null, causedByPrevious: false });
  for (const { machine, count, granted, day } of asked) {
    clock.set(startMs + day * DAY_SECONDS * 1000);
    const subject = { machine: aMachine(machine).id, product: 'acme.server', pool: 'acme', virtual: machine.startsWith('vm') };
    const { position } = await store.head(LEDGER);
    const basis = { head: position, now: toInstant(clock.nowMs()), rulesVersion: 1, certificate: certificate.digest, count, threshold: 5 };
    const outcome: DomainEvent = granted
      ? anEvent('ActivationGranted', { ...subject, basis: { ...anEvent('ActivationGranted').data.basis, ...basis } })
      : anEvent('ActivationDeferred', { ...subject, basis: { ...anEvent('ActivationDeferred').data.basis, ...basis } });
    const common = { actor: `machine:${subject.machine}`, requestId: draws.uuid() };
    await append({ ...common, event: anEvent('ActivationRequested', subject), causedByPrevious: false }, { ...common, event: outcome, causedByPrevious: true });
  }
  return (await store.read({ ledger: LEDGER, after: 0, limit: 1000 })).map(toCloudEvent);
};

const asked = (machine: string, count: number, day: number, granted = count >= 5) => ({ machine, count, granted, day });

/** The fifth physical machine opens it; the virtual one and the one that asks again count for nothing; on day 32 those of the days 0 and 1 are too old. */
const rightly = [asked('a', 1, 0), asked('b', 2, 1), asked('vm', 2, 2), asked('c', 3, 2), asked('c', 3, 3), asked('d', 4, 4), asked('e', 5, 5), asked('f', 4, 32)];

const changed = (events: readonly CloudEvent[], at: number, change: Partial<CloudEvent>): readonly CloudEvent[] => events.map((event, index) => (index === at ? { ...event, ...change } : event));

describe('the audit of a ledger', () => {
  it('finds nothing where all is as it should be', async () => {
    const events = await ledgerOf(rightly);
    assertGapless(events, events.length);
    assertTimeForward(events);
    assertHashChain(events);
    expect(outcomesByRequest(events).size).toBe(rightly.length);
    expect(recountDecisions(events)).toEqual({ granted: 1, deferred: 7, counts: new Map([['acme', 4]]) });
  });

  it('finds a machine that was left out of a count in which everybody counts', async () => {
    const events = await ledgerOf(rightly);
    const at = events.findIndex(({ type }) => type.includes('ActivationDeferred'));
    const leftOut = changed(events, at, { data: { ...(events[at]?.data as object), counted: false } as CloudEvent['data'] });
    expect(() => recountDecisions(leftOut)).toThrow(`whether the machine of position ${at + 1} counts`);
  });

  it('finds a gap, and a tail that is missing', async () => {
    const events = await ledgerOf(rightly);
    expect(() => assertGapless(events.toSpliced(3, 1), events.length)).toThrow('position 5 stands where 4 belongs');
    expect(() => assertGapless(events.slice(0, -1), events.length)).toThrow('ends at its head');
  });

  it('finds what was edited, in a body or beside it', async () => {
    const events = await ledgerOf(rightly);
    const data = { ...events[4]?.data, virtual: true };
    for (const change of [{ data }, { time: '2030-01-01T00:00:00.000Z' }, { actor: 'operator:x' }, { requestid: crypto.randomUUID() }]) {
      expect(() => assertHashChain(changed(events, 4, change))).toThrow('leaf hash of position 5');
    }
    expect(() => assertHashChain(changed(events, 4, { runninghash: events[3]?.runninghash ?? '' }))).toThrow('running hash of position 5');
    expect(() => assertTimeForward(changed(events, 4, { time: '2020-01-01T00:00:00.000Z' }))).toThrow('position 5');
  });

  it('finds a second outcome, and one that follows from nothing', async () => {
    const events = await ledgerOf(rightly);
    const [, , , fourth, fifth] = events as [CloudEvent, CloudEvent, CloudEvent, CloudEvent, CloudEvent];
    expect(() => outcomesByRequest([...events, { ...fifth, position: 99 }])).toThrow('two outcomes');
    expect(() => outcomesByRequest(changed(events, 4, { causationid: 'main:1' }))).toThrow('does not follow');
    expect(() => outcomesByRequest([...events, { ...fourth, position: 99 }])).toThrow('as many requests');
  });

  it.each<[string, typeof rightly, string]>([
    ['a count that is too high', [asked('a', 2, 0)], 'the count that position 3'],
    ['a machine counted twice', [asked('a', 1, 0), asked('a', 2, 1)], 'the count that position 5'],
    ['a virtual machine counted', [asked('a', 1, 0), asked('vm', 2, 1)], 'the count that position 5'],
    ['one that aged out and is still counted', [asked('a', 1, 0), asked('b', 2, 30)], 'the count that position 5'],
    ['a lease below the threshold', [asked('a', 1, 0, true)], 'at count 1 of 5'],
    ['a deferral at the threshold', [...rightly.slice(0, 6), asked('e', 5, 5, false)], 'at count 5 of 5'],
  ])('finds %s', async (_, wrongly, found) => {
    const events = await ledgerOf(wrongly);
    expect(() => recountDecisions(events)).toThrow(found);
  });
});
