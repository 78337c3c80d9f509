import { z } from 'zod';
import { dottedName, instant, position, thumbprint } from '../formats.js';

/** `muster.v1.counting.tally` */
export const tallyRequestSchema = z.strictObject({
  ledger: z.string(),
  head: position.describe('the answer is as of exactly this head'),
  nowMs: z.int(),
  /** In the order in which they will be recorded; each is seen before the next is counted. */
  arrivals: z
    .array(
      z.strictObject({
        pool: dottedName,
        machine: thumbprint,
        virtual: z.boolean(),
        counted: z.literal(false).optional().describe('the machine asks for the counts and is not in them: not enrolled, where only enrolled machines count'),
      }),
    )
    .max(1024),
});

const poolCounts = z.strictObject({ physical: z.int().nonnegative(), virtual: z.int().nonnegative() });

export const tallyAnswerSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('tallied'), counts: z.array(poolCounts) }),
  z.strictObject({ status: z.literal('moved'), head: position }),
]);

/** A position, or an instant. */
export const asOfSchema = z.union([z.strictObject({ position }), z.strictObject({ instant })]);

export const countRequestSchema = z.strictObject({ pool: dottedName, asOf: asOfSchema.optional() });

export const countAnswerSchema = z.strictObject({
  pool: dottedName,
  /** What thresholds are compared with. */
  count: z.int().nonnegative(),
  physical: z.int().nonnegative(),
  virtual: z.int().nonnegative(),
  position: position.describe('the ledger position that the count is as of'),
  asOf: instant.describe('the instant that machines were aged at'),
  /** Whether nothing that is recorded later can change this answer: the ledger has passed the instant. */
  final: z.boolean(),
});

export const poolsAnswerSchema = z.strictObject({
  pools: z.array(
    z.strictObject({
      ...countAnswerSchema.shape,
      countWindowSeconds: z.int().positive(),
      countVirtualMachines: z.boolean(),
      countOnlyEnrolled: z.boolean().optional().describe('left out where every machine counts'),
      products: z.array(z.strictObject({ name: dottedName, threshold: z.int().positive(), covered: z.boolean() })),
    }),
  ),
});

export const replayProgressSchema = z.strictObject({ status: z.literal('progress'), events: z.int().nonnegative(), ofEvents: z.int().nonnegative(), seconds: z.number() });

export const replayReportSchema = z.strictObject({
  status: z.literal('done'),
  events: z.int().nonnegative(),
  seconds: z.number(),
  eventsPerSecond: z.int().nonnegative(),
  position,
  /** SHA-256 over the rebuilt counting state at `position`, and over the live one there. */
  rebuiltDigest: z.string(),
  liveDigest: z.string(),
  equal: z.boolean(),
});

export type TallyRequest = Readonly<z.infer<typeof tallyRequestSchema>>;
export type TallyAnswer = Readonly<z.infer<typeof tallyAnswerSchema>>;
/** Distinct machines of a pool inside its window, by what their latest seen request said they are. */
export type PoolCounts = Readonly<z.infer<typeof poolCounts>>;
export type AsOf = Readonly<z.infer<typeof asOfSchema>>;
export type CountRequest = Readonly<z.infer<typeof countRequestSchema>>;
export type CountAnswer = Readonly<z.infer<typeof countAnswerSchema>>;
export type PoolsAnswer = Readonly<z.infer<typeof poolsAnswerSchema>>;
export type ReplayProgress = Readonly<z.infer<typeof replayProgressSchema>>;
export type ReplayReport = Readonly<z.infer<typeof replayReportSchema>>;
