import type { DomainEvent } from '@muster/contracts';
import type { ActiveLeases, HostState } from '@muster/domain';
import { applyLeaseEvent, emptyActiveLeases, hostFold, restoreActiveLeases, restoreHost, storeActiveLeases, storeHost } from '@muster/domain';
import type { FollowedEvent, FollowedFold } from '@muster/event-store';

/** Everything that this service decides from besides the counts. Changed in place. */
export interface LeaseView {
  host: HostState;
  readonly leases: ActiveLeases;
}

const wholeTypes = ['HostActivated', 'HostRetired', 'ActivationGranted', 'ActivationRenewed', 'ActivationReleased', 'ActivationExpired'] as const satisfies readonly DomainEvent['type'][];

const applyEvent = (view: LeaseView, { row, event }: FollowedEvent): LeaseView => {
  view.host = hostFold.evolve(view.host, event);
  applyLeaseEvent(view.leases, { position: row.position, recordedAtMs: row.recordedAtMs, event });
  return view;
};

interface Stored {
  readonly host: ReturnType<typeof storeHost>;
  readonly leases: ReturnType<typeof storeActiveLeases>;
}

const deserialize = (bytes: Uint8Array): LeaseView => {
  const { host, leases } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Stored;
  return { host: restoreHost(host), leases: restoreActiveLeases(leases) };
};

export const leaseViewFold: FollowedFold<LeaseView> = {
  name: 'lease-view',
  initialState: () => ({ host: hostFold.initialState(), leases: emptyActiveLeases() }),
  wholeTypes,
  applyEvent,
  snapshots: { version: 1, serialize: ({ host, leases }) => Buffer.from(JSON.stringify({ host: storeHost(host), leases: storeActiveLeases(leases) })), deserialize },
};
