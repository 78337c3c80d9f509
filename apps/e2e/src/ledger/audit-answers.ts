import assert from 'node:assert/strict';
import type { CloudEvent, ReleaseAnswer, RenewalAnswer } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import { verifyLease, verifyReceipt } from '@muster/trust';
import type { SignedRequest, SignedWish } from '../fleet/wish.js';
import { factOf, requestKeyOf } from './audit-ledger.js';

/** What a client holds after a 201 or 202, for a lease that is new or renewed. */
export interface Acknowledged {
  readonly wish: SignedWish;
  readonly answer: RenewalAnswer;
}

/** What a client holds after it gave its lease back. */
export interface AcknowledgedRelease {
  readonly request: SignedRequest;
  readonly answer: ReleaseAnswer;
}

/** Each answer and the fact that it tells of. */
const FACT_OF = { granted: 'ActivationGranted', deferred: 'ActivationDeferred', renewed: 'ActivationRenewed', 'renewal-deferred': 'RenewalDeferred' } as const;

/** Verifies an answer as its machine does: offline, from nothing but the vendor's root key. Answers what the token says of the ledger. */
export const verifyAnswer = async ({ wish, answer }: Acknowledged, { root, nowMs }: { readonly root: PublicJwk; readonly nowMs: number }) => {
  const meantFor = { root, machine: wish.machine.id, product: wish.product };
  const { claims } = 'lease' in answer ? await verifyLease(answer.lease, { ...meantFor, atMs: nowMs }) : await verifyReceipt(answer.receipt, meantFor);
  assert.deepEqual({ count: claims.count, threshold: claims.threshold }, { count: answer.count, threshold: answer.threshold }, 'the token says what the answer says');
  assert.equal(claims.jti, 'lease' in answer ? answer.leaseId : wish.jti);
  return claims;
};

interface Evidence {
  /** By request, as {@link outcomesByRequest} answers them. */
  readonly outcomes: ReadonlyMap<string, CloudEvent>;
  readonly root: PublicJwk;
  readonly nowMs: number;
}

/** Holds each acknowledged decision against the ledger: it is there, it says the same, and its token names its place and the hash there. */
export const assertAcknowledgedRecorded = async (acknowledged: readonly Acknowledged[], { outcomes, root, nowMs }: Evidence): Promise<void> => {
  for (const one of acknowledged) {
    const { wish, answer } = one;
    const event = outcomes.get(requestKeyOf({ subject: wish.machine.id, requestid: wish.jti }));
    assert.ok(event !== undefined, `the acknowledged request ${wish.jti} of ${wish.machine.id} is not in the ledger`);
    const fact = factOf(event);
    assert.equal(fact.type, FACT_OF[answer.outcome], `the outcome at position ${event.position}`);
    assert.ok('basis' in fact.data, `position ${event.position} says what it was decided from`);
    if ('lease' in answer) assert.equal('leaseId' in fact.data && fact.data.leaseId, answer.leaseId, `the lease id at position ${event.position}`);
    assert.equal(answer.count, fact.data.basis.count, `the count at position ${event.position}`);
    const { position, head } = await verifyAnswer(one, { root, nowMs });
    assert.deepEqual({ position, head }, { position: event.position, head: event.runninghash }, `what the token says of position ${event.position}`);
  }
};

/** Each acknowledged release stands in the ledger exactly once, as it was told, and nobody else's. */
export const assertReleasesRecorded = (releases: readonly AcknowledgedRelease[], events: readonly CloudEvent[]): void => {
  const recorded = events.flatMap((event) => {
    const fact = factOf(event);
    return fact.type === 'ActivationReleased' ? [`${fact.data.machine} ${event.requestid} ${fact.data.leaseId} ${Date.parse(event.time)}`] : [];
  });
  const told = releases.map(({ request, answer }) => `${request.machine.id} ${request.jti} ${answer.leaseId} ${Date.parse(answer.releasedAt)}`);
  assert.deepEqual(recorded.sort(), told.sort(), 'the releases on record are those that were acknowledged');
};
