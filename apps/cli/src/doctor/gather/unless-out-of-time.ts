import type { Skipped } from '../report.js';
import { OutOfTime } from './time-budget.js';

/** Does the work; when there is no time for it, says so among what was skipped, and answers nothing. */
export const unlessOutOfTime = async <T>(what: Omit<Skipped, 'reason'>, { skipped, work }: { readonly skipped: Skipped[]; readonly work: () => Promise<T> }): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    skipped.push({ ...what, reason: error.message });
    return undefined;
  }
};
