import { activationDeferredSchema, activationGrantedSchema, releaseAnswerSchema, renewalWindowSchema } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import { isRevoked, isTokenRefused, verifyReceipt } from '@muster/trust';
import { z } from 'zod';
import type { WishingState } from '../core/begin-attempt.js';
import type { Reply } from '../core/outcome.js';
import { CLOCK_TOLERANCE_SECONDS } from '../core/policy.js';
import { believeLease, REVOKED } from './believe-lease.js';
import type { MeantFor } from './believe-lease.js';
import type { WireReply } from './ports.js';

// What is read of an answer, and no more: products outlive the host that they first met, and a later one may say things that this build does not know.
const { lease, renewAfterSeconds, retryAfterSeconds } = activationGrantedSchema.shape;
const leaseAnswerSchema = z.object({ lease, renewAfterSeconds, renewalWindow: z.object(renewalWindowSchema.shape), retryAfterSeconds });
const receiptAnswerSchema = z.object({ receipt: activationDeferredSchema.shape.receipt, retryAfterSeconds });
const answerSchema = z.union([leaseAnswerSchema, receiptAnswerSchema]);
const releasedSchema = z.object(releaseAnswerSchema.shape);

type LeaseAnswer = z.infer<typeof leaseAnswerSchema>;
type ReceiptAnswer = z.infer<typeof receiptAnswerSchema>;

export interface JudgeContext {
  readonly state: WishingState;
  readonly nowMs: number;
  readonly meantFor: MeantFor;
}

/** Whoever answers without the vendor's authority is not a host, and so has not answered. */
const notBelieved = (what: string): Reply => ({ type: 'unreachable', detail: `its answer is not believed: ${what}` });

const judgeLease = async ({ lease: token, renewAfterSeconds, renewalWindow, retryAfterSeconds }: LeaseAnswer, { state, nowMs, meantFor }: JudgeContext): Promise<Reply> => {
  const belief = await believeLease(token, meantFor);
  if (!belief.believed) return notBelieved(belief.detail);
  const { lease, verified } = belief;
  if (lease.leaseId === state.wish.lease?.leaseId) return notBelieved('it is the lease that the machine holds already');
  // Old answers are genuine; played again, they would take the machine back in time.
  if (lease.issuedAtMs < state.clock.signedMs - CLOCK_TOLERANCE_SECONDS * SECOND_MS) return notBelieved('it is older than an answer before');
  if (lease.expiresAtMs <= nowMs) return notBelieved('the lease has run out');
  const { count, threshold } = verified.claims;
  return { type: 'granted', lease, count, threshold, renewAfterSeconds, renewalWindow, retryAfterSeconds };
};

const judgeReceipt = async ({ receipt, retryAfterSeconds }: ReceiptAnswer, { state, meantFor }: JudgeContext): Promise<Reply> => {
  try {
    const { root, machine, product, revocations } = meantFor;
    const { claims, certificate, keys } = await verifyReceipt(receipt, { root, machine, product });
    if (revocations !== undefined && isRevoked(revocations, { certificate: certificate.jti, keys })) return notBelieved(REVOKED.detail);
    if (claims.jti !== state.wish.requestId) return notBelieved('the receipt is for another request');
    return { type: 'deferred', count: claims.count, threshold: claims.threshold, retryAfterSeconds, signedAtMs: claims.iat * SECOND_MS };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return notBelieved(error.detail);
  }
};

const judgeAnswer = async (body: unknown, context: JudgeContext): Promise<Reply> => {
  if (context.state.wish.kind === 'release') {
    const released = releasedSchema.safeParse(body);
    return released.success ? { type: 'released', releasedAtMs: Date.parse(released.data.releasedAt) } : notBelieved('it is not the answer to a release');
  }
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return notBelieved('it is not an answer of this protocol');
  return 'lease' in parsed.data ? judgeLease(parsed.data, context) : judgeReceipt(parsed.data, context);
};

/** 408: the request did not arrive whole. 429 and 5xx: the host says that it cannot say. */
export const leavesOutcomeOpen = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Turns what came over the wire into what the machine may act upon: every lease and receipt verified against the vendor's root key. */
export const judgeReply = async (reply: WireReply, context: JudgeContext): Promise<Reply> => {
  switch (reply.type) {
    case 'unreachable':
      return reply;
    case 'problem': {
      const { code, detail, status } = reply.problem;
      return { type: leavesOutcomeOpen(status) ? 'busy' : 'refused', code, detail, retryAfterSeconds: reply.retryAfterSeconds };
    }
    case 'answer':
      return judgeAnswer(reply.body, context);
    default:
      return reply satisfies never;
  }
};
