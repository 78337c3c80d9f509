import type { ActParts } from '@muster/event-store';
import type { ServiceClock } from '@muster/service';

/** The ledger as this service writes to it: whatever is appended, its followers hear at once, and everybody on the bus. */
export interface WrittenLedger extends Required<ActParts> {
  readonly clock: ServiceClock;
}
