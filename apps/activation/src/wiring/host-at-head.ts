import type { HostState } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';

/** How long the host's state may take to reach the head that a round was read at. */
const CATCH_UP_MS_MAX = 1000;

/**
 * The host as of exactly that head; undefined when the ledger has moved on.
 *
 * @throws Problem `unavailable`
 */
export const hostAtHead = async ({ position }: { readonly position: number }, follower: Follower<HostState>): Promise<HostState | undefined> => {
  if (!(await follower.catchUpTo(position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The state of the host cannot be read.');
  return follower.position === position ? follower.state : undefined;
};
