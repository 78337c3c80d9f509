import assert from 'node:assert/strict';
import type { ActivationAnswer, CloudEvent } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import { verifyLease, verifyReceipt } from '@muster/trust';
import type { SignedWish } from '../fleet/wish.js';
import { factOf, requestKeyOf } from './audit-ledger.js';

/** What a client holds after a 201 or 202. */
export interface Acknowledged {
  readonly wish: SignedWish;
  readonly answer: ActivationAnswer;
}

/** Verifies an answer as its machine does: offline, from nothing but the vendor's root key. Answers what the token says of the ledger. */
export const verifyAnswer = async ({ wish, answer }: Acknowledged, { root, nowMs }: { readonly root: PublicJwk; readonly nowMs: number }) => {
  const meantFor = { root, machine: wish.machine.id, product: wish.product };
  const { claims } = answer.outcome === 'granted' ? await verifyLease(answer.lease, { ...meantFor, atMs: nowMs }) : await verifyReceipt(answer.receipt, meantFor);
  assert.deepEqual({ count: claims.count, threshold: claims.threshold }, { count: answer.count, threshold: answer.threshold }, 'the token says what the answer says');
  assert.equal(claims.jti, answer.outcome === 'granted' ? answer.leaseId : wish.jti);
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
    assert.ok(fact.type === 'ActivationGranted' || fact.type === 'ActivationDeferred', `position ${event.position} is ${fact.type}`);
    assert.equal(fact.type === 'ActivationGranted' ? 'granted' : 'deferred', answer.outcome, `the outcome at position ${event.position}`);
    if (fact.type === 'ActivationGranted' && answer.outcome === 'granted') assert.equal(answer.leaseId, fact.data.leaseId, `the lease id at position ${event.position}`);
    assert.equal(answer.count, fact.data.basis.count, `the count at position ${event.position}`);
    const { position, head } = await verifyAnswer(one, { root, nowMs });
    assert.deepEqual({ position, head }, { position: event.position, head: event.runninghash }, `what the token says of position ${event.position}`);
  }
};
