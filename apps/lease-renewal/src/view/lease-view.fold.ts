import type { ActiveLeases, EnrolmentState, HostState, TotalsState } from '@muster/domain';
import {
  applyEnrolmentEvent,
  applyLeaseEvent,
  applyToTotals,
  emptyActiveLeases,
  emptyEnrolment,
  emptyTotals,
  hostFold,
  restoreActiveLeases,
  restoreEnrolment,
  restoreHost,
  restoreTotals,
  storeActiveLeases,
  storeEnrolment,
  storeHost,
  storeTotals,
  typesReadBy,
} from '@muster/domain';
import type { FollowedEvent, FollowedFold } from '@muster/event-store';

/**
 * Everything that this service decides from besides the counts, and the totals: what a machine was when it asked is seen from the lease that it held, and
 * that is known here. Changed in place.
 */
export interface LeaseView {
  host: HostState;
  readonly leases: ActiveLeases;
  readonly enrolment: EnrolmentState;
  readonly totals: TotalsState;
}

const applyEvent = (view: LeaseView, { row, event }: FollowedEvent): LeaseView => {
  const placed = { position: row.position, recordedAtMs: row.recordedAtMs, event };
  view.host = hostFold.evolve(view.host, event);
  // Before the leases: a request is counted by the lease that its machine held when it asked.
  applyToTotals(view.totals, placed, view.leases);
  applyLeaseEvent(view.leases, placed);
  applyEnrolmentEvent(view.enrolment, event, row.recordedAtMs);
  return view;
};

interface Stored {
  readonly host: ReturnType<typeof storeHost>;
  readonly leases: ReturnType<typeof storeActiveLeases>;
  readonly enrolment: ReturnType<typeof storeEnrolment>;
  readonly totals: ReturnType<typeof storeTotals>;
}

const serialize = ({ host, leases, enrolment, totals }: LeaseView): Uint8Array => {
  const stored: Stored = { host: storeHost(host), leases: storeActiveLeases(leases), enrolment: storeEnrolment(enrolment), totals: storeTotals(totals) };
  return Buffer.from(JSON.stringify(stored));
};

const deserialize = (bytes: Uint8Array): LeaseView => {
  const { host, leases, enrolment, totals } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Stored;
  return { host: restoreHost(host), leases: restoreActiveLeases(leases), enrolment: restoreEnrolment(enrolment), totals: restoreTotals(totals) };
};

export const leaseViewFold: FollowedFold<LeaseView> = {
  name: 'lease-view',
  initialState: () => ({ host: hostFold.initialState(), leases: emptyActiveLeases(), enrolment: emptyEnrolment(), totals: emptyTotals() }),
  wholeTypes: typesReadBy('host', 'leases', 'enrolment', 'totals'),
  applyEvent,
  snapshots: { version: 4, serialize, deserialize }, // 2: with the totals; 3: with the host's keys; 4: with who enrolled
};
