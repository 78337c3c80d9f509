import type { EnrolmentState, HostState } from '@muster/domain';
import type { Follower } from '@muster/event-store';

/** Everything that an activation is decided from besides the counts. */
export interface ActivationState {
  readonly host: HostState;
  readonly enrolment: EnrolmentState;
}

/** A position that no ledger's head ever has. */
const NOWHERE = -1;

/** Two folds of one ledger as one: while they stand at different positions, they are as of none. */
export const joinFollowers = (host: Follower<HostState>, enrolment: Follower<EnrolmentState>): Pick<Follower<ActivationState>, 'catchUpTo' | 'position' | 'state'> => ({
  catchUpTo: async (position, withinMs) => {
    const reached = await Promise.all([host.catchUpTo(position, withinMs), enrolment.catchUpTo(position, withinMs)]);
    return reached.every((one) => one);
  },
  get position() {
    return host.position === enrolment.position ? host.position : NOWHERE;
  },
  get state() {
    return { host: host.state, enrolment: enrolment.state };
  },
});
