import type { DomainEvent } from '@muster/contracts';
import type { CertificateInForce, CountingState, HostState } from '@muster/domain';
import { applyPolicies, applyRow, decodeCountingState, encodeCountingState, hostFold, initialCountingState } from '@muster/domain';
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

interface StoredHost {
  readonly status: HostState['status'];
  readonly host: string;
  readonly inForce: string;
  readonly certificates: readonly CertificateInForce[];
}

const storeHost = (host: HostState): StoredHost | null =>
  host.status === 'not-activated' ? null : { status: host.status, host: host.host, inForce: host.certificate.digest, certificates: [...host.certificates.values()] };

const restoreHost = (stored: StoredHost | null): HostState => {
  if (stored === null || stored.status === 'not-activated') return hostFold.initialState();
  const certificates = new Map(stored.certificates.map((certificate) => [certificate.digest, certificate]));
  const certificate = certificates.get(stored.inForce);
  if (certificate === undefined) throw new Error('the snapshot lacks the certificate in force');
  return { status: stored.status, host: stored.host, certificate, certificates };
};

const LINE_FEED = 0x0a;

/** Two lines: the host and the time, then the counts. */
export const serializeCountingView = (view: CountingView): Uint8Array =>
  Buffer.concat([Buffer.from(`${JSON.stringify({ host: storeHost(view.host), recordedAtMs: view.recordedAtMs })}\n`), encodeCountingState(view.counts)]);

const deserialize = (bytes: Uint8Array): CountingView => {
  const end = bytes.indexOf(LINE_FEED);
  const { host, recordedAtMs } = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8')) as { host: StoredHost | null; recordedAtMs: number };
  return { counts: decodeCountingState(bytes.subarray(end + 1)), host: restoreHost(host), recordedAtMs };
};

const wholeTypes = ['HostActivated', 'HostRetired'] as const satisfies readonly DomainEvent['type'][];

export const countingViewFold: FollowedFold<CountingView> = {
  name: 'counting-view',
  initialState: () => ({ counts: initialCountingState(), host: hostFold.initialState(), recordedAtMs: 0 }),
  wholeTypes,
  applyEvent,
  applyRow: applyNarrow,
  snapshots: { version: 1, serialize: serializeCountingView, deserialize },
};
