import { Problem } from '@muster/kernel';
import type { Follower } from '../follower/follower.types.js';
import type { LedgerWriterOptions } from './ledger-writer.js';
import { createLedgerWriter } from './ledger-writer.js';
import type { Decision, WriteRound } from './writer.types.js';

/** How long each state may take to reach the head that a round was read at. */
const CATCH_UP_MS_MAX = 1000;

/** The ledger as an act is decided. */
export type ActRound = Pick<WriteRound<null>, 'head' | 'nowMs'>;

/** One act, such as an administrator's: too rare to be gathered with others. */
export interface Act<Answer> {
  /** What it is decided from, each under the name that a problem tells. */
  readonly from: Readonly<Record<string, Pick<Follower<unknown>, 'catchUpTo' | 'position'>>>;
  /** Asked when all of `from` are as of the round's head; what is read of a state that its fold changes in place is read before any `await`. What it throws, the caller is told. */
  readonly decide: (round: ActRound) => Promise<Decision<Answer>>;
}

export type ActParts = Pick<LedgerWriterOptions<null, never>, 'store' | 'ledger' | 'clock' | 'onAppended'>;

/**
 * Records an act without a request id, by a writer of its own: decided anew as long as others write in between.
 *
 * @throws Problem as the act is refused; `unavailable`, `clock-skew`, `time-step`: to be tried again
 */
export const recordAct = async <Answer>({ from, decide }: Act<Answer>, { store, ledger, clock, onAppended }: ActParts): Promise<Answer> => {
  const writer = createLedgerWriter<null, Answer>({
    store,
    ledger,
    clock,
    identify: () => null,
    decide: async ({ head, nowMs }) => {
      for (const [name, follower] of Object.entries(from)) if (!(await follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', `${name} cannot be read.`);
      if (Object.values(from).some(({ position }) => position !== head.position)) return { status: 'moved' };
      return { status: 'decided', decisions: [await decide({ head, nowMs })] };
    },
    ...(onAppended === undefined ? {} : { onAppended }),
  });
  try {
    return await writer.submit(null);
  } finally {
    await writer.stop();
  }
};
