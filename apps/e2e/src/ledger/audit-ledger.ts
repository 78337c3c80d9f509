import assert from 'node:assert/strict';
import type { CloudEvent, DomainEvent, EventOf } from '@muster/contracts';
import { canonicalJson, eventCatalogue, isEventType } from '@muster/contracts';
import { GENESIS_HASH, leafHash, runningHash } from '@muster/event-store';

/**
 * What an outsider can check of a ledger with nothing but its events as the API hands them out. The counts are worked out here from the
 * description of the rules, in the most naive way, so that a fault in the services' own folds cannot hide itself.
 */

type Decided = EventOf<'ActivationGranted' | 'ActivationDeferred' | 'ActivationRenewed' | 'RenewalDeferred'>;

const isDecided = (fact: DomainEvent): fact is Decided =>
  fact.type === 'ActivationGranted' || fact.type === 'ActivationDeferred' || fact.type === 'ActivationRenewed' || fact.type === 'RenewalDeferred';

const givesLease = ({ type }: Decided): boolean => type === 'ActivationGranted' || type === 'ActivationRenewed';

const OUTCOMES = new Set(['ActivationGranted', 'ActivationDeferred', 'ActivationRefused', 'ActivationRenewed', 'RenewalDeferred']);

const EVENT_NAME = /^muster\.(\w+)\.v(\d+)$/;

export const typeOf = ({ type }: CloudEvent): string => EVENT_NAME.exec(type)?.[1] ?? '';

/** The event in the words of the contracts, its body checked against the frozen schema. */
export const factOf = (event: CloudEvent): DomainEvent => {
  const type = typeOf(event);
  if (!isEventType(type)) throw new Error(`position ${event.position} has the unknown type ${event.type}`);
  return { type, data: eventCatalogue[type].schema.parse(event.data) } as DomainEvent;
};

/** Positions are 1, 2, 3 … up to the head. */
export const assertGapless = (events: readonly CloudEvent[], head: number): void => {
  events.forEach(({ position }, index) => assert.equal(position, index + 1, `position ${position} stands where ${index + 1} belongs`));
  assert.equal(events.length, head, 'the ledger ends at its head');
};

/** Time never runs backwards. */
export const assertTimeForward = (events: readonly CloudEvent[]): void => {
  events.forEach((event, index) => assert.ok(index === 0 || event.time >= (events[index - 1]?.time ?? ''), `time runs backwards at position ${event.position}`));
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Every leaf hash and the running hash over all of them, computed again from what the events say. */
export const assertHashChain = (events: readonly CloudEvent[]): void => {
  let running = GENESIS_HASH;
  for (const event of events) {
    const [ledger = ''] = event.id.split(':');
    const version = Number(EVENT_NAME.exec(event.type)?.[2]);
    const leaf = leafHash({
      ledger,
      position: event.position,
      recordedAtMs: Date.parse(event.time),
      type: typeOf(event),
      version,
      actor: event.actor,
      requestId: event.requestid ?? null,
      causationId: event.causationid === undefined ? null : Number(event.causationid.split(':')[1]),
      body: Buffer.from(canonicalJson(event.data), 'utf8'),
    });
    running = runningHash(running, leaf);
    assert.equal(event.leafhash, hex(leaf), `leaf hash of position ${event.position}`);
    assert.equal(event.runninghash, hex(running), `running hash of position ${event.position}`);
  }
};

export const requestKeyOf = ({ subject, requestid }: Pick<CloudEvent, 'subject' | 'requestid'>): string => `${subject} ${requestid}`;

/** Each request is followed by exactly one outcome that names it as its cause, and no request id of a machine has two. Answers them by request. */
export const outcomesByRequest = (events: readonly CloudEvent[]): ReadonlyMap<string, CloudEvent> => {
  const outcomes = new Map<string, CloudEvent>();
  let requests = 0;
  for (const event of events) {
    if (typeOf(event) === 'ActivationRequested') requests += 1;
    if (!OUTCOMES.has(typeOf(event))) continue;
    const key = requestKeyOf(event);
    assert.ok(!outcomes.has(key), `positions ${outcomes.get(key)?.position} and ${event.position} are two outcomes of request ${key}`);
    const cause = events[Number(event.causationid?.split(':')[1]) - 1];
    assert.ok(cause !== undefined && typeOf(cause) === 'ActivationRequested' && requestKeyOf(cause) === key, `position ${event.position} does not follow from its request`);
    outcomes.set(key, event);
  }
  assert.equal(requests, outcomes.size, 'as many requests as outcomes');
  return outcomes;
};

interface Policies {
  readonly windowMs: ReadonlyMap<string, number>;
  readonly countsVirtual: ReadonlyMap<string, boolean>;
  readonly threshold: ReadonlyMap<string, number>;
  /** Pools that count only enrolled machines. */
  readonly onlyEnrolled: ReadonlySet<string>;
}

const policiesOf = ({ data: { claims } }: EventOf<'HostActivated'>): Policies => ({
  windowMs: new Map(claims.pools.map((pool) => [pool.name, pool.countWindowSeconds * 1000])),
  countsVirtual: new Map(claims.pools.map((pool) => [pool.name, pool.countVirtualMachines])),
  threshold: new Map(claims.products.map((product) => [product.name, product.threshold])),
  onlyEnrolled: new Set(claims.pools.flatMap((pool) => (pool.countOnlyEnrolled === true ? [pool.name] : []))),
});

interface Seen {
  readonly atMs: number;
  readonly virtual: boolean;
}

/** Machine by machine, as the definition of a count reads. */
const countNaively = (seen: ReadonlyMap<string, Seen>, { nowMs, windowMs, countsVirtual }: { nowMs: number; windowMs: number; countsVirtual: boolean }): number => {
  let count = 0;
  for (const { atMs, virtual } of seen.values()) if (atMs > nowMs - windowMs && (countsVirtual || !virtual)) count += 1;
  return count;
};

const checkDecision = (decided: Decided, expected: { count: number; threshold: number | undefined }, position: number): void => {
  const { basis, product } = decided.data;
  assert.equal(basis.count, expected.count, `the count that position ${position} was decided from`);
  assert.equal(basis.threshold, expected.threshold, `the threshold of ${product} at position ${position}`);
  assert.equal(givesLease(decided), expected.count >= basis.threshold, `position ${position} is ${decided.type} at count ${expected.count} of ${basis.threshold}`);
  assert.ok(basis.head < position, `position ${position} was decided from a head before it`);
};

export interface Recount {
  /** Leases, renewals among them. */
  readonly granted: number;
  readonly deferred: number;
  /** Count of each pool after the last event, at its time. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Counts again at each decision and holds the decision against it. */
export const recountDecisions = (events: readonly CloudEvent[]): Recount => {
  const pools = new Map<string, Map<string, Seen>>();
  const counts = new Map<string, number>();
  const enrolled = new Set<string>();
  let policies: Policies | undefined;
  let granted = 0;
  let deferred = 0;
  for (const event of events) {
    const fact = factOf(event);
    const nowMs = Date.parse(event.time);
    if (fact.type === 'HostActivated') policies = policiesOf(fact);
    if (fact.type === 'MachineEnrolled') enrolled.add(fact.data.machine);
    if (fact.type === 'MachineRetired') {
      enrolled.delete(fact.data.machine);
      for (const seen of pools.values()) seen.delete(fact.data.machine);
    }
    if (!isDecided(fact)) continue;

    const { pool, machine, virtual, product } = fact.data;
    const seen = pools.get(pool) ?? new Map<string, Seen>();
    const isCounted = policies?.onlyEnrolled.has(pool) !== true || enrolled.has(machine);
    assert.equal(fact.data.counted !== false, isCounted, `whether the machine of position ${event.position} counts`);
    pools.set(pool, isCounted ? seen.set(machine, { atMs: nowMs, virtual }) : seen);
    const count = countNaively(seen, { nowMs, windowMs: policies?.windowMs.get(pool) ?? 0, countsVirtual: policies?.countsVirtual.get(pool) ?? false });
    checkDecision(fact, { count, threshold: policies?.threshold.get(product) }, event.position);
    counts.set(pool, count);
    if (givesLease(fact)) granted += 1;
    else deferred += 1;
  }
  return { granted, deferred, counts };
};
