import { systemClock } from '@muster/kernel';
import { eventStoreConformance } from '../conformance/event-store.conformance.js';
import { createInMemoryEventStore } from './in-memory.event-store.js';
import { createInMemoryLedgers } from './in-memory.ledgers.js';

eventStoreConformance('the in-memory event store', () => {
  const ledgers = createInMemoryLedgers();
  let count = 0;
  return Promise.resolve({
    newLedger: () => Promise.resolve(`ledger-${(count += 1)}`),
    openStore: ({ clock = systemClock, storeClock } = {}) => createInMemoryEventStore({ clock, ledgers, ...(storeClock && { storeClock }) }),
    forgetRequests: (ledger) => Promise.resolve(ledgers.ledger(ledger).requests.clear()),
    close: () => Promise.resolve(),
  });
});
