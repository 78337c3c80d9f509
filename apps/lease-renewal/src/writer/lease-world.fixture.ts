import type { DomainEvent, EventOf, HostCertificateClaims, TallyAnswer, TallyRequest } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import type { Follower, EventStore, LedgerWriter, NewEvent } from '@muster/event-store';
import { createFollower, createInMemoryEventStore, createInMemoryLedgers, createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import { createHostSigner, signingKeysOf } from '@muster/issuance';
import { DAY_SECONDS, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { aHostCertificate, aKey, anEvent, fixedClock, hostActivated, seededDraws, TEST_START_MS } from '@muster/testing';
import { contentDigestOf, digestOf, signLease } from '@muster/trust';
import type { LeaseView } from '../view/lease-view.fold.js';
import { leaseViewFold } from '../view/lease-view.fold.js';
import { decideLeases } from './decide-leases.js';
import type { LeaseAnswer, LeaseCommand, ReleaseCommand, RenewCommand } from './lease-commands.js';
import { identifyLeaseCommand } from './lease-commands.js';
import { LeaseWriter } from './lease-writer.js';
import { presentLease } from './present-lease.js';

export const LEDGER = 'main';
const LEASE_SECONDS = 180 * DAY_SECONDS;
const APPEND_EVENTS_MAX = 4096; // what the store takes at once

/** The pool is full: what these tests are about is not the count. */
const tallied = ({ arrivals }: TallyRequest): Promise<TallyAnswer> => Promise.resolve({ status: 'tallied', counts: arrivals.map(() => ({ physical: 500, virtual: 0 })) });

/** One process of this service: a follower and a writer of its own on the shared ledger. */
export interface Replica {
  readonly leases: LeaseWriter;
  readonly writer: LedgerWriter<LeaseCommand, LeaseAnswer>;
  readonly follower: Follower<LeaseView>;
}

/** A host whose ledger holds `size` leases, granted together, and as many processes on it as are started. `policies` replace claims of its certificate. */
export const leaseWorld = async (size: number, policies: Partial<HostCertificateClaims> = {}) => {
  const clock = fixedClock(TEST_START_MS);
  const ledgers = createInMemoryLedgers();
  const newStore = (): EventStore => createInMemoryEventStore({ clock, storeClock: clock, ledgers });
  const store = newStore();
  const { rootKey, hostKey, certificate } = await aHostCertificate({ exp: toNumericDate(TEST_START_MS) + 3650 * DAY_SECONDS, ...policies });

  const append = async (events: readonly DomainEvent[]): Promise<void> => {
    const head = await store.head(LEDGER);
    const recorded = events.map((event): NewEvent => ({ event, actor: 'service:test', requestId: null, causedByPrevious: false }));
    const nowMs = clock.nowMs();
    await store.append({ ledger: LEDGER, expectedHead: head, recordedAtMs: Math.max(head.recordedAtMs, nowMs), nowMs, events: recorded, requests: [], personal: [] });
  };
  /** Half a year on, with the operator's word for it. */
  const passTo = async (atMs: number): Promise<void> => {
    const { recordedAtMs } = await store.head(LEDGER);
    clock.set(atMs);
    await append([{ type: 'TimeStepAccepted', data: { from: toInstant(recordedAtMs), to: toInstant(atMs) } }]);
  };
  const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const machineOf = (index: number): string => `${String(index).padStart(42, '0')}A`;
  const example = anEvent('ActivationGranted', { kid: hostKey.id, expiresAt: toInstant(TEST_START_MS + LEASE_SECONDS * SECOND_MS) }).data;
  const grantOf = (index: number): EventOf<'ActivationGranted'> => ({ type: 'ActivationGranted', data: { ...example, machine: machineOf(index), leaseId: idOf(index), basis: { ...example.basis, certificate: certificate.digest } } });
  await append([hostActivated(certificate)]);
  for (let first = 0; first < size; first += APPEND_EVENTS_MAX) await append(Array.from({ length: Math.min(APPEND_EVENTS_MAX, size - first) }, (_, index) => grantOf(first + index)));

  const replicas: Replica[] = [];
  const replica = async (options: { readonly store?: EventStore } = {}): Promise<Replica> => {
    const own = options.store ?? newStore();
    const follower = createFollower({ store: own, ledger: LEDGER, fold: leaseViewFold });
    await follower.start();
    const writer = createLedgerWriter<LeaseCommand, LeaseAnswer>({
      store: own,
      ledger: LEDGER,
      clock,
      identify: identifyLeaseCommand,
      decide: decideLeases({ store: own, follower, signer: createHostSigner({ root: rootKey.publicJwk, keys: signingKeysOf(hostKey), clock }), draws: seededDraws(`replica ${replicas.length}`), tally: tallied }),
      onAppended: (events) => follower.onAppended(toLedgerAppended(events)),
    });
    const leases = new LeaseWriter(
      (command) => writer.submit(command, 600_000),
      () => writer.stop(),
    );
    const made = { leases, writer, follower };
    replicas.push(made);
    return made;
  };

  /** The signed lease of a machine that was granted at the start. */
  const leaseOf = (index: number, key = hostKey, chain = certificate): Promise<string> =>
    signLease(
      {
        iss: chain.claims.sub,
        sub: machineOf(index),
        aud: 'acme.workstation',
        iat: toNumericDate(TEST_START_MS),
        exp: toNumericDate(TEST_START_MS) + LEASE_SECONDS,
        jti: idOf(index),
        count: 25,
        threshold: 25,
        position: index + 2,
        head: Buffer.alloc(32).toString('base64url'),
        cnf: { jkt: machineOf(index) },
        chain: [chain.jws],
      },
      key,
    );

  let requests = 0;
  const request = async (index: number, lease: string) => ({
    machine: machineOf(index),
    requestId: seededDraws(`request ${(requests += 1)}`).uuid(),
    leaseId: idOf(index),
    audience: null,
    issuedAt: toNumericDate(clock.nowMs()),
    presented: await presentLease(lease, rootKey.publicJwk),
  });
  const renewal = async (index: number, given?: string): Promise<Omit<RenewCommand, 'kind'>> => {
    const lease = given ?? (await leaseOf(index));
    const contentDigest = contentDigestOf({ kind: 'renewal', virtual: false, citedLease: digestOf(lease), evidence: null });
    // Punctual: the pace of late ones is another rule.
    return { request: { ...(await request(index, lease)), contentDigest, virtual: false, drawnFor: toNumericDate(clock.nowMs()) }, hostname: 'ws', address: null };
  };
  const release = async (index: number): Promise<Omit<ReleaseCommand, 'kind'>> => {
    const lease = await leaseOf(index);
    return { request: { ...(await request(index, lease)), contentDigest: contentDigestOf({ kind: 'release', citedLease: digestOf(lease) }) } };
  };

  return {
    clock,
    append,
    passTo,
    store,
    newStore,
    rootKey,
    replica,
    renewal,
    release,
    leaseOf,
    idOf,
    machineOf,
    endMs: TEST_START_MS + LEASE_SECONDS * SECOND_MS,
    events: async (): Promise<readonly DomainEvent[]> => (await store.read({ ledger: LEDGER, after: 1 + size, limit: 1_000_000 })).map(decodeBody),
    stop: async (): Promise<void> => {
      for (const { leases, follower } of replicas) {
        await leases.stop();
        await follower.stop();
      }
    },
  };
};

export type LeaseWorld = Awaited<ReturnType<typeof leaseWorld>>;

export const unknownMachine = aKey('a machine that nobody knows').id;
