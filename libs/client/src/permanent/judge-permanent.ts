import { installationAnswerSchema, permanentActivationSchema } from '@muster/contracts';
import { digestOf } from '@muster/trust';
import { z } from 'zod';
import type { InstallationWish } from '../core/permanent/permanent-state.js';
import type { PermanentReply } from '../core/permanent/permanent-outcome.js';
import type { MeantFor } from '../shell/believe-lease.js';
import { leavesOutcomeOpen } from '../shell/judge-reply.js';
import type { WireReply } from '../shell/ports.js';
import { believePermanent } from './believe-permanent.js';

// What is read of an answer, and no more: a later authority may say things that this build does not know.
const { lease, drawn, remaining } = permanentActivationSchema.shape;
const grantedSchema = z.object({ lease, drawn: drawn.optional(), remaining: remaining.optional() });
const waitingSchema = z.object({ outcome: z.literal('waiting'), retryAfterSeconds: installationAnswerSchema.options[0].shape.retryAfterSeconds });

export interface JudgeInstallation {
  readonly wish: InstallationWish;
  /** As it was sent. */
  readonly request: string;
  readonly meantFor: MeantFor;
}

const notBelieved = (what: string): PermanentReply => ({ type: 'unreachable', detail: `its answer is not believed: ${what}` });

const judgeAnswer = async (body: unknown, { wish, request, meantFor }: JudgeInstallation): Promise<PermanentReply> => {
  const waiting = waitingSchema.safeParse(body);
  if (waiting.success) return { type: 'waiting', requestDigest: digestOf(request), retryAfterSeconds: waiting.data.retryAfterSeconds };
  const granted = grantedSchema.safeParse(body);
  if (!granted.success) return notBelieved('it is not an answer of this protocol');
  const belief = await believePermanent(granted.data.lease, meantFor, [wish.hardware]);
  if (!belief.believed) return notBelieved(belief.detail);
  return { type: 'granted', lease: belief.lease, drawn: granted.data.drawn ?? null, remaining: granted.data.remaining ?? null };
};

/** Turns what came over the wire into what the machine may act upon: a lease counts by the vendor's signature alone, whoever carried it. */
export const judgePermanent = async (reply: WireReply, context: JudgeInstallation): Promise<PermanentReply> => {
  switch (reply.type) {
    case 'unreachable':
      return reply;
    case 'problem': {
      const { code, detail, status } = reply.problem;
      return leavesOutcomeOpen(status) ? { type: 'busy', code, detail, retryAfterSeconds: reply.retryAfterSeconds } : { type: 'refused', code, detail };
    }
    case 'answer':
      return judgeAnswer(reply.body, context);
    default:
      return reply satisfies never;
  }
};
