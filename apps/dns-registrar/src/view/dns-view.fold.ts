import type { DomainEvent } from '@muster/contracts';
import type { DnsState, HostState } from '@muster/domain';
import { applyDnsEvent, dnsEventTypes, emptyDns, hostEventTypes, hostFold } from '@muster/domain';
import type { FollowedFold } from '@muster/event-store';

/** Everything that this service decides from. Changed in place. */
export interface DnsView {
  host: HostState;
  readonly dns: DnsState;
}

/** Only an active host's endpoints are listed. */
export const isServing = ({ host }: DnsView): boolean => host.status === 'active';

/** What this service records itself when DNS has followed: nothing new for it to do. */
const FOLLOWING: readonly DomainEvent['type'][] = ['ServiceRecordPublished', 'ServiceRecordWithdrawn', 'DnsConflictDetected'];

/** `onNews` is called for each event that may change what is wanted, before the state is seen by anybody. */
export const dnsViewFold = (onNews: () => void): FollowedFold<DnsView> => ({
  name: 'dns-view',
  wholeTypes: [...hostEventTypes, ...dnsEventTypes],
  initialState: () => ({ host: hostFold.initialState(), dns: emptyDns() }),
  applyEvent: (view, { row, event }) => {
    view.host = hostFold.evolve(view.host, event);
    applyDnsEvent(view.dns, { event, position: row.position, recordedAtMs: row.recordedAtMs });
    if (!FOLLOWING.includes(event.type)) onNews();
    return view;
  },
});
