import type { LicenceState, OtherTotals, RefusalReason, RequestOutcome, RequestTotals } from '@muster/contracts';
import { licenceStates, refusalReasons, requestOutcomes } from '@muster/contracts';
import { readBy } from '../folds/readers.js';
import type { ActiveLeases, PlacedEvent } from '../leases/active-leases.fold.js';
import { heldBy } from '../leases/active-leases.fold.js';
import type { LapsedLeases } from './lapsed-leases.js';
import { emptyLapsedLeases, forgetLapse, hasLapsed, isRecentEnd, lapse } from './lapsed-leases.js';
import { licenceStateOf } from './licence-state.rule.js';

type Counters<Name extends string> = Record<Name, number>;

/** What a ledger's requests came to, kept in O(1) an event. Changed in place. */
export interface TotalsState {
  readonly byOutcome: Counters<RequestOutcome>;
  readonly byLicenceState: Counters<LicenceState>;
  readonly byReason: Counters<RefusalReason>;
  readonly others: Counters<keyof OtherTotals>;
  readonly lapsed: LapsedLeases;
}

const zeros = <Name extends string>(names: readonly Name[]): Counters<Name> => Object.fromEntries(names.map((name) => [name, 0])) as Counters<Name>;

export const emptyTotals = (): TotalsState => ({
  byOutcome: zeros(requestOutcomes),
  byLicenceState: zeros(licenceStates),
  byReason: zeros(refusalReasons),
  others: zeros(['leasesForceReleased', 'leasesExpired', 'machinesRetired']),
  lapsed: emptyLapsedLeases(),
});

interface Asker {
  readonly machine: string;
  readonly product: string;
}

const holderOf = ({ machine, product }: Asker): string => `${machine} ${product}`;

/** By the lease itself while one runs, recorded as ended or not; otherwise by how the latest one ended. */
const licenceStateAt = ({ lapsed }: TotalsState, leases: ActiveLeases, asker: Asker, nowMs: number): LicenceState => {
  const held = heldBy(leases, asker.machine, asker.product);
  if (held?.recorded !== 'running') return hasLapsed(lapsed, holderOf(asker), nowMs) ? 'expired' : 'unlicensed';
  const state = licenceStateOf(held, nowMs);
  return state !== 'expired' || isRecentEnd(held.expiresAtMs, nowMs) ? state : 'unlicensed';
};

const isRead = readBy('totals');

/**
 * The totals after an event: the same object, changed in place.
 *
 * A request is counted with its outcome, of which each has exactly one.
 *
 * @param leases who held which lease as of the position before: what the machine was when it asked
 */
export const applyToTotals = (totals: TotalsState, { recordedAtMs, event }: PlacedEvent, leases: ActiveLeases): TotalsState => {
  if (!isRead(event)) return totals;
  const count = (outcome: RequestOutcome, asker: Asker): void => {
    totals.byOutcome[outcome] += 1;
    totals.byLicenceState[licenceStateAt(totals, leases, asker, recordedAtMs)] += 1;
  };
  switch (event.type) {
    case 'ActivationGranted':
    case 'ActivationRenewed':
      count(event.type === 'ActivationGranted' ? 'granted' : 'renewed', event.data);
      forgetLapse(totals.lapsed, holderOf(event.data));
      return totals;
    case 'ActivationDeferred':
      count('deferred', event.data);
      return totals;
    case 'RenewalDeferred':
      count('renewal-deferred', event.data);
      return totals;
    case 'ActivationRefused':
      count('refused', event.data);
      totals.byReason[event.data.reason] += 1;
      return totals;
    case 'ActivationReleased':
      // `returned` is a machine's own word; an administrator has another reason.
      if (event.data.reason === 'returned') count('released', event.data);
      else totals.others.leasesForceReleased += 1;
      return totals;
    case 'ActivationExpired':
      totals.others.leasesExpired += 1;
      // Always of the machine's latest lease: one that was superseded or released gets no such event.
      lapse(totals.lapsed, holderOf(event.data), { endedAtMs: Date.parse(event.data.expiredAt), nowMs: recordedAtMs });
      return totals;
    case 'MachineRetired':
      totals.others.machinesRetired += 1;
      return totals;
    default:
      return event satisfies never;
  }
};

/** The totals as an operator is told them. */
export const totalsOf = ({ byOutcome, byLicenceState, byReason, others }: TotalsState): { readonly requests: RequestTotals; readonly others: OtherTotals } => ({
  requests: {
    received: Object.values(byOutcome).reduce((sum, count) => sum + count, 0),
    failed: byOutcome.refused,
    failedByReason: { ...byReason },
    byLicenceState: { ...byLicenceState },
    byOutcome: { ...byOutcome },
  },
  others: { ...others },
});
