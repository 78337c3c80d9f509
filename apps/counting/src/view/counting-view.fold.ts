import type { CountingState, HostState } from '@muster/domain';
import { applyPolicies, applyRow, decodeCountingState, encodeCountingState, hostEventTypes, hostFold, initialCountingState, restoreHost, storeHost } from '@muster/domain';
import type { ColumnsRow, FollowedEvent, FollowedFold } from '@muster/event-store';

/** Everything that this service answers from: the counts, and the host whose certificate says what they mean. Changed in place. */
export interface CountingView {
  readonly counts: CountingState;
  host: HostState;
  /** Of the last event: what a count as of a position is aged at. */
  recordedAtMs: number;
}

const applyEvent = (view: CountingView, { row, event }: FollowedEvent): CountingView => {
  view.host = hostFold.evolve(view.host, event);
  view.recordedAtMs = row.recordedAtMs;
  if (event.type === 'HostActivated') applyPolicies(view.counts, event.data.claims, row.recordedAtMs);
  return view;
};

const applyNarrow = (view: CountingView, row: ColumnsRow): CountingView => {
  applyRow(view.counts, row);
  view.recordedAtMs = row.recordedAtMs;
  return view;
};

const LINE_FEED = 0x0a;

/** Two lines: the host and the time, then the counts. */
export const serializeCountingView = (view: CountingView): Uint8Array =>
  Buffer.concat([Buffer.from(`${JSON.stringify({ host: storeHost(view.host), recordedAtMs: view.recordedAtMs })}\n`), encodeCountingState(view.counts)]);

const deserialize = (bytes: Uint8Array): CountingView => {
  const end = bytes.indexOf(LINE_FEED);
  const { host, recordedAtMs } = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8')) as { host: ReturnType<typeof storeHost>; recordedAtMs: number };
  return { counts: decodeCountingState(bytes.subarray(end + 1)), host: restoreHost(host), recordedAtMs };
};

export const countingViewFold: FollowedFold<CountingView> = {
  name: 'counting-view',
  initialState: () => ({ counts: initialCountingState(), host: hostFold.initialState(), recordedAtMs: 0 }),
  wholeTypes: hostEventTypes,
  applyEvent,
  applyRow: applyNarrow,
  snapshots: { version: 2, serialize: serializeCountingView, deserialize },
};
