import type { EnrolmentState } from '@muster/domain';
import { applyEnrolmentEvent, emptyEnrolment, enrolmentEventTypes, restoreEnrolment, storeEnrolment } from '@muster/domain';
import type { FollowedFold } from '@muster/event-store';

const deserialize = (bytes: Uint8Array): EnrolmentState =>
  restoreEnrolment(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as ReturnType<typeof storeEnrolment>);

/** Who has enrolled, and by which tokens others may. */
export const enrolmentFold: FollowedFold<EnrolmentState> = {
  name: 'enrolment',
  wholeTypes: enrolmentEventTypes,
  initialState: emptyEnrolment,
  applyEvent: (state, { row, event }) => applyEnrolmentEvent(state, event, row.recordedAtMs),
  // Without them a restart would read every enrolment that ever was.
  snapshots: { version: 1, serialize: (state) => Buffer.from(JSON.stringify(storeEnrolment(state))), deserialize },
};
