import type { TallyAnswer } from '@muster/contracts';
import { isProblem } from '@muster/kernel';

/** A tally is arithmetic in memory; past this the counting service is away and the batch's clients are told to come back. */
const TALLY_TIMEOUT_MS = 1500;

/** A replica that starts up declines at once. The queue group picks one at random: of two, one tally in a hundred meets it this often. */
const TALLY_TRIES_MAX = 7;

/**
 * Asks the counting service for a tally, another replica where one declines.
 *
 * @throws Problem `unavailable` when no replica is as of the head in time
 */
export const askTally = async (ask: (timeoutMs: number) => Promise<TallyAnswer>): Promise<TallyAnswer> => {
  const deadlineMs = performance.now() + TALLY_TIMEOUT_MS;
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask(Math.max(1, deadlineMs - performance.now()));
    } catch (error) {
      if (tried >= TALLY_TRIES_MAX || !isProblem(error, 'unavailable') || performance.now() >= deadlineMs) throw error;
    }
  }
};
