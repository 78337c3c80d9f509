import type { Clock } from '@muster/kernel';
import { Problem } from '@muster/kernel';
import type { AppendBatch, AppendResult } from '../event-store.port.js';
import { acceptsTimeStep, CLOCK_SKEW_MS_MAX, clockSkew, isTimeStep, timeStep } from '../clock-rule.js';
import { sameBytes, sameHead } from '../hashing/leaf-hash.js';
import type { SealedBatch } from '../hashing/seal-batch.js';
import { sealBatch } from '../hashing/seal-batch.js';
import { appendStatement } from './append.statement.js';
import { findRequestsOn } from './find-requests.js';
import { look } from './ledger-look.js';
import { effectOf, translated } from './pg-errors.js';
import type { WriteConnection, WriteLine } from './write-connection.js';

/** After the first statement failed: an answer must not take much longer than a client is willing to wait. */
const SETTLE_MS_MAX = 1_000;

/** Between two tries to settle: a restarting server needs a moment, and refuses at once until then. */
const SETTLE_PAUSE_MS = 100;

/** One try told the batch's fate, or `unknown` with what hid it. */
type Attempt = AppendResult | { readonly outcome: 'skewed'; readonly storeNowMs: number } | { readonly outcome: 'stepped' } | { readonly outcome: 'unknown'; readonly cause: unknown };

/** Why nothing was written now: because it was written before, because somebody else wrote, or because of the time. */
const explain = async (connection: WriteConnection, { batch, head, events }: SealedBatch, storeClock: Clock | undefined): Promise<Attempt> => {
  const found = await look(connection.query, batch.ledger, head.position);
  // The running hash covers every event before it: equal means that exactly these events are recorded.
  if (found.hashAt !== null && sameBytes(found.hashAt, head.runningHash)) return { outcome: 'appended', head, events };
  if (!sameHead(found.head, batch.expectedHead)) return { outcome: 'moved', head: found.head };
  const requests = await findRequestsOn(connection.query, batch.ledger, batch.requests);
  // On a head that moved since the look there may be more of them than this batch was refused for.
  if (!sameHead(requests.head, batch.expectedHead)) return { outcome: 'moved', head: requests.head };
  if (requests.known.length > 0) return { outcome: 'known', head: requests.head, known: requests.known };
  const storeNowMs = storeClock?.nowMs() ?? found.storeNowMs;
  const agrees = Math.abs(batch.nowMs - storeNowMs) <= CLOCK_SKEW_MS_MAX;
  return agrees && isTimeStep(found.head, batch.recordedAtMs) && !acceptsTimeStep(batch) ? { outcome: 'stepped' } : { outcome: 'skewed', storeNowMs };
};

const attempt = async (connection: WriteConnection, sealed: SealedBatch, storeClock: Clock | undefined): Promise<Attempt> => {
  let moved: boolean;
  try {
    const { rowCount } = await connection.query(appendStatement({ sealed, storeNowMs: storeClock?.nowMs() ?? null }));
    moved = rowCount === 1;
  } catch (error) {
    if (effectOf(error) === 'nothing') throw translated(error);
    // Whatever this connection still says belongs to a statement that nobody waits for any more.
    connection.destroy();
    return { outcome: 'unknown', cause: error };
  }
  if (moved) return { outcome: 'appended', head: sealed.head, events: sealed.events };
  try {
    return await explain(connection, sealed, storeClock);
  } catch (error) {
    throw translated(error);
  }
};

const unknownOutcome = (cause: unknown): Problem =>
  new Problem('unavailable', 'outcome unknown: the database went away while it recorded; the same request may be sent again', { cause, extensions: { recorded: 'unknown' } });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Finds out what became of a statement whose answer was lost, by sending the same batch under the same head again.
 *
 * That settles it whichever comes first: if the lost one committed, or commits meanwhile, the head has moved and the hash at
 * its place is ours; if the new one commits, the lost one can no longer. A lost statement that still runs holds the head's row
 * lock, and the new one waits for it.
 */
const settle = async (line: WriteLine, sealed: SealedBatch, storeClock: Clock | undefined, lost: unknown): Promise<AppendResult> => {
  const deadlineMs = performance.now() + SETTLE_MS_MAX;
  let cause = lost;
  while (performance.now() < deadlineMs) {
    try {
      const found = await attempt(await line.connection(), sealed, storeClock);
      if (found.outcome !== 'skewed' && found.outcome !== 'stepped' && found.outcome !== 'unknown') return found;
      // Too late for the clock rule: it was not written again, but the lost one may have been in time.
      if (found.outcome !== 'unknown') break;
      cause = found.cause;
    } catch (error) {
      // This try wrote nothing; the lost one may have.
      cause = error;
    }
    await pause(SETTLE_PAUSE_MS);
  }
  throw unknownOutcome(cause);
};

/** Appends as the port says, in one round trip when all goes well. */
export const appendBatch = async (line: WriteLine, batch: AppendBatch, storeClock: Clock | undefined): Promise<AppendResult> => {
  const sealed = sealBatch(batch);
  const found = await attempt(await line.connection(), sealed, storeClock);
  switch (found.outcome) {
    case 'unknown':
      return settle(line, sealed, storeClock, found.cause);
    case 'skewed':
      throw clockSkew(batch.nowMs, found.storeNowMs);
    case 'stepped':
      throw timeStep(batch.expectedHead, batch.recordedAtMs);
    default:
      return found;
  }
};
