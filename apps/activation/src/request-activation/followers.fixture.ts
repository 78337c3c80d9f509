import type { RecordedEvent } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { hostEventTypes, hostFold } from '@muster/domain';
import type { EventStore } from '@muster/event-store';
import { createFollower, toLedgerAppended } from '@muster/event-store';
import { enrolmentFold } from '../wiring/enrolment-fold.js';
import { joinFollowers } from './activation-state.js';

/** What one process of this service follows, as its module wires it. */
export const startFollowers = async (store: EventStore, ledger: string) => {
  const host = createFollower<HostState>({
    store,
    ledger,
    fold: { name: 'host', wholeTypes: hostEventTypes, initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
  });
  const enrolment = createFollower({ store, ledger, fold: enrolmentFold });
  const both = [host, enrolment];
  await Promise.all(both.map((each) => each.start()));
  return {
    host,
    joined: joinFollowers(host, enrolment),
    onAppended: (events: readonly RecordedEvent[]): void => {
      for (const each of both) each.onAppended(toLedgerAppended(events));
    },
    stop: async (): Promise<void> => {
      for (const each of both) await each.stop();
    },
  };
};
