import { eventCatalogue, typedColumnsOf } from '@muster/contracts';
import type { RecordedEvent } from '@muster/contracts';
import type { AppendBatch, Head, NewEvent } from '../event-store.port.js';
import { encodedBody } from './encoded-body.js';
import { leafHash, runningHash } from './leaf-hash.js';

const canonicalUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Larger batches would hold the head's row lock, and everybody behind it, for too long. */
export const APPEND_EVENTS_MAX = 4096;

/** A batch whose events have their places and hashes: what is written if the head is still the expected one. */
export interface SealedBatch {
  readonly batch: AppendBatch;
  readonly head: Head;
  readonly events: readonly RecordedEvent[];
}

const broken = (what: string): never => {
  throw new Error(`the batch is not well formed: ${what}`);
};

/** The store keeps 16 bytes and gives back the canonical spelling: another one would not hash the same again. */
const checkRequestId = (requestId: string | null): void => {
  if (requestId !== null && !canonicalUuid.test(requestId)) broken(`${requestId} is not a lower-case UUID`);
};

const checkBatch = ({ events, expectedHead, recordedAtMs, nowMs, requests }: AppendBatch): void => {
  if (events.length === 0) broken('it has no events');
  if (events.length > APPEND_EVENTS_MAX) broken(`it has ${events.length} events, more than ${APPEND_EVENTS_MAX}`);
  if (recordedAtMs !== Math.max(expectedHead.recordedAtMs, nowMs)) broken("recordedAt is not the later one of the head's and now");
  if (events[0]?.causedByPrevious === true) broken('nothing in it comes before its first event');
  for (const { requestId, outcomeIndex } of requests) {
    if (events[outcomeIndex] === undefined) broken(`there is no event ${outcomeIndex}`);
    checkRequestId(requestId);
  }
  for (const { requestId } of events) checkRequestId(requestId);
};

const seal = (ledger: string, recordedAtMs: number, previous: Head, { event, actor, requestId, causedByPrevious }: NewEvent): RecordedEvent => {
  const position = previous.position + 1;
  const { type } = event;
  const { version } = eventCatalogue[type];
  const causationId = causedByPrevious ? previous.position : null;
  const body = encodedBody(event);
  const leaf = leafHash({ ledger, position, recordedAtMs, type, version, actor, requestId, causationId, body });
  const columns = typedColumnsOf(event);
  // Spelt out: spreading the header costs as much as hashing it.
  return { ledger, position, recordedAtMs, type, version, actor, requestId, causationId, body, columns, leafHash: leaf, runningHash: runningHash(previous.runningHash, leaf) };
};

/** Gives each event its position and hashes. @throws Error when the batch breaks the port's rules: a fault in the writer */
export const sealBatch = (batch: AppendBatch): SealedBatch => {
  checkBatch(batch);
  const events: RecordedEvent[] = [];
  let head: Head = batch.expectedHead;
  for (const event of batch.events) {
    const sealed = seal(batch.ledger, batch.recordedAtMs, head, event);
    events.push(sealed);
    head = sealed;
  }
  const { position, recordedAtMs, runningHash: hash } = head;
  return { batch, head: { position, recordedAtMs, runningHash: hash }, events };
};
