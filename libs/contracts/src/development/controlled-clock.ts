import { z } from 'zod';

/** 100 years: what leads further was a slip of the hand. */
const AHEAD_MS_MAX = 100 * 365 * 86_400_000;

/**
 * The file of a controlled clock, for development and tests: how far its time runs ahead of the real one. Whoever controls it replaces the file;
 * every service of the host reads it. Ahead only, because time in a ledger never runs backwards.
 */
export const controlledClockSchema = z.strictObject({ aheadMs: z.int().nonnegative().max(AHEAD_MS_MAX) });

export type ControlledClock = Readonly<z.infer<typeof controlledClockSchema>>;
