import type { DomainEvent, EventType } from '@muster/contracts';
import type { ColumnsRow } from '../event-store.port.js';

/** An event with its body, and the row that it has in the ledger. */
export interface FollowedEvent {
  readonly row: ColumnsRow;
  readonly event: DomainEvent;
}

/** How a fold's state is stored between two starts. */
export interface SnapshotFormat<State> {
  /** Raised when the shape of the state, or what the fold makes of an event, changes: older snapshots are then ignored. */
  readonly version: number;
  readonly serialize: (state: State) => Uint8Array;
  /** @throws Error when the bytes are not a state; the ledger is then replayed from its beginning */
  readonly deserialize: (bytes: Uint8Array) => State;
}

/**
 * A fold as a follower applies it: strictly in position order, each position once.
 *
 * The functions return the state after the event. It may be the same object, changed in place: at millions of events, copying a map
 * for each costs O(machines). Like `evolve` they are synchronous and never throw; one that throws anyway loses the state, which is then rebuilt.
 */
export interface FollowedFold<State> {
  /** Names the fold's snapshots and what is said about it. */
  readonly name: string;
  readonly initialState: () => State;
  /** The few, rare types that the fold needs the body of. They go to `applyEvent`, all others to `applyRow`. */
  readonly wholeTypes: readonly EventType[];
  readonly applyEvent: (state: State, followed: FollowedEvent) => State;
  /** Left out by a fold that lives on its `wholeTypes` alone: catching up then reads only those, not every row. */
  readonly applyRow?: (state: State, row: ColumnsRow) => State;
  /** Left out when a replay is cheap anyway. */
  readonly snapshots?: SnapshotFormat<State>;
}
