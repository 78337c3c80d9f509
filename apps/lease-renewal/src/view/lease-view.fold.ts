import type { DomainEvent } from '@muster/contracts';
import type { ActiveLeases, HostState, TotalsState } from '@muster/domain';
import {
  applyLeaseEvent,
  applyToTotals,
  emptyActiveLeases,
  emptyTotals,
  hostFold,
  restoreActiveLeases,
  restoreHost,
  restoreTotals,
  storeActiveLeases,
  storeHost,
  storeTotals,
} from '@muster/domain';
import type { FollowedEvent, FollowedFold } from '@muster/event-store';

/**
 * Everything that this service decides from besides the counts, and the totals: what a machine was when it asked is seen from the lease that it held, and
 * that is known here. Changed in place.
 */
export interface LeaseView {
  host: HostState;
  readonly leases: ActiveLeases;
  readonly totals: TotalsState;
}

const wholeTypes = [
  'HostActivated',
  'HostRetired',
  'ActivationGranted',
  'ActivationDeferred',
  'ActivationRefused',
  'ActivationRenewed',
  'RenewalDeferred',
  'ActivationReleased',
  'ActivationExpired',
  'MachineRetired',
] as const satisfies readonly DomainEvent['type'][];

const applyEvent = (view: LeaseView, { row, event }: FollowedEvent): LeaseView => {
  const placed = { position: row.position, recordedAtMs: row.recordedAtMs, event };
  view.host = hostFold.evolve(view.host, event);
  // Before the leases: a request is counted by the lease that its machine held when it asked.
  applyToTotals(view.totals, placed, view.leases);
  applyLeaseEvent(view.leases, placed);
  return view;
};

interface Stored {
  readonly host: ReturnType<typeof storeHost>;
  readonly leases: ReturnType<typeof storeActiveLeases>;
  readonly totals: ReturnType<typeof storeTotals>;
}

const serialize = ({ host, leases, totals }: LeaseView): Uint8Array => {
  const stored: Stored = { host: storeHost(host), leases: storeActiveLeases(leases), totals: storeTotals(totals) };
  return Buffer.from(JSON.stringify(stored));
};

const deserialize = (bytes: Uint8Array): LeaseView => {
  const { host, leases, totals } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Stored;
  return { host: restoreHost(host), leases: restoreActiveLeases(leases), totals: restoreTotals(totals) };
};

export const leaseViewFold: FollowedFold<LeaseView> = {
  name: 'lease-view',
  initialState: () => ({ host: hostFold.initialState(), leases: emptyActiveLeases(), totals: emptyTotals() }),
  wholeTypes,
  applyEvent,
  snapshots: { version: 2, serialize, deserialize }, // 2: with the totals
};
