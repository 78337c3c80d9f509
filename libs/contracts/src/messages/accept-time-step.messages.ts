import { z } from 'zod';
import { instant, position } from '../formats.js';

/** `muster.v1.ledger.accept-time-step`, an administrator's act: what there is to accept the host knows itself. */
export const acceptTimeStepSchema = z.strictObject({ actor: z.string().max(64) });

/** The answer of `muster.v1.ledger.accept-time-step` and `POST /v1/time-steps`. Asked twice, it is accepted once. */
export const timeStepAnswerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('accepted'),
    from: instant.describe("the head's recordedAt before the step"),
    to: instant.describe("the host's time, which the ledger now stands at"),
    position: position.describe('where the decision is recorded'),
  }),
  /** The ledger is not so far behind the host's clock that anybody would have to decide; nothing was recorded. */
  z.strictObject({ outcome: z.literal('no-step'), from: instant.nullable().describe("the head's recordedAt; null while the ledger is empty"), to: instant, position }),
]);

export type TimeStepAnswer = Readonly<z.infer<typeof timeStepAnswerSchema>>;
export type AcceptTimeStep = Readonly<z.infer<typeof acceptTimeStepSchema>>;
