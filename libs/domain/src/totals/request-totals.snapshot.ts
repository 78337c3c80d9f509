import type { TotalsState } from './request-totals.fold.js';
import { emptyTotals } from './request-totals.fold.js';

type StoredEnds = readonly (readonly [holder: string, endedAtMs: number])[];

interface StoredTotals extends Pick<TotalsState, 'byOutcome' | 'byLicenceState' | 'byReason' | 'others'> {
  readonly lapsed: { readonly young: StoredEnds; readonly old: StoredEnds; readonly youngSinceMs: number };
}

/** The state as a JSON value. */
export const storeTotals = ({ lapsed: { young, old, youngSinceMs }, ...counters }: TotalsState): StoredTotals => ({ ...counters, lapsed: { young: [...young], old: [...old], youngSinceMs } });

export const restoreTotals = ({ byOutcome, byLicenceState, byReason, others, lapsed: { young, old, youngSinceMs } }: StoredTotals): TotalsState => {
  const none = emptyTotals();
  return {
    // A name that was added since has counted nothing yet.
    byOutcome: { ...none.byOutcome, ...byOutcome },
    byLicenceState: { ...none.byLicenceState, ...byLicenceState },
    byReason: { ...none.byReason, ...byReason },
    others: { ...none.others, ...others },
    lapsed: { young: new Map(young), old: new Map(old), youngSinceMs },
  };
};
