import { toInstant } from '@muster/kernel';
import { countAt } from '../counting/pool-count.fold.js';
import type { AuditedEvent, AuditedRow, AuditReport } from './audit.types.js';
import type { Batch } from './batch.js';
import { BATCH_EVENTS_MAX, gather, place } from './batch.js';
import type { Findings } from './findings.js';
import { DIFFERENCES_KEPT_MAX, noFindings, noteDifference, notRedecidableOf } from './findings.js';
import type { LedgerState } from './ledger-state.js';
import { applyToLedger, emptyLedgerState } from './ledger-state.js';
import { TIME_STEP_MS_MAX } from './redecide-act.js';
import { redecideAlone, redecideBatch } from './redecide-batch.js';
import type { Rules } from './rules.js';
import { productionRules } from './rules.js';
import type { Unit } from './unit.js';
import { shapeOf } from './unit.js';

export interface AuditOptions {
  readonly rules?: Rules;
  /** Of differences that are kept; all are counted. */
  readonly keptMax?: number;
  /** Decisions before this position are only taken in, not made again. */
  readonly from?: number;
  /** SHA-256 of a text, base64url: with it the digests in bodies are derived too. */
  readonly digestOf?: (text: string) => string;
}

/** An audit under way: the state that the next decision was made from, what is gathered of it, and what was found. Changed in place. */
export interface Audit {
  readonly state: LedgerState;
  readonly findings: Findings;
  unit: AuditedEvent[];
  batch: Batch | undefined;
  last: Pick<AuditedRow, 'position' | 'recordedAtMs'>;
  events: number;
}

const applyUnit = ({ state }: Audit, unit: Unit): void => {
  for (const audited of unit) applyToLedger(state, audited);
};

/** Positions without a gap, and a time that goes forward, by no more than a clock is trusted to. */
const checkPlace = ({ last, findings }: Audit, { row, event }: AuditedEvent): void => {
  const note = (path: string, recorded: unknown, derived: unknown): void => noteDifference(findings, { position: row.position, type: event.type, path, recorded, derived, explainedBy: null });
  if (row.position !== last.position + 1) note('position', row.position, last.position + 1);
  if (row.causationId !== null && row.causationId !== row.position - 1) note('causationId', row.causationId, row.position - 1);
  const steppedMs = row.recordedAtMs - last.recordedAtMs;
  if (steppedMs < 0) note('recordedAt', toInstant(row.recordedAtMs), `${toInstant(last.recordedAtMs)} or later`);
  if (last.position > 0 && steppedMs > TIME_STEP_MS_MAX && event.type !== 'TimeStepAccepted') note('recordedAt', toInstant(row.recordedAtMs), 'TimeStepAccepted before it');
};

/**
 * Makes every recorded decision of a ledger again, from what it was made from, and holds what comes out against what is recorded, byte for byte.
 *
 * A fold in position order from the first event on: synchronous, and bounded by the state that decisions read and one batch of events. The decisions
 * of a batch are made as of the head that they share. An event that says something else than the rules do changes the state as it stands:
 * one difference is one difference, not all that follow.
 */
export const auditFold = ({ rules = productionRules, keptMax = DIFFERENCES_KEPT_MAX, from = 0, digestOf }: AuditOptions = {}) => {
  const closeBatch = (audit: Audit, batch: Batch): void => {
    const { state, findings } = audit;
    if (batch.head >= from - 1) redecideBatch(batch, { state, rules, findings, digestOf });
    for (const { unit } of batch.placed) applyUnit(audit, unit);
  };

  const closeUnit = (audit: Audit): void => {
    const [first, ...rest] = audit.unit;
    if (first === undefined) return;
    audit.unit = [];
    const unit: Unit = [first, ...rest];
    const shape = shapeOf(unit);
    if (shape.kind !== 'alone' && shape.kind !== 'no-command') {
      const { complete, open } = gather(audit.batch, place(unit, shape));
      for (const batch of complete) closeBatch(audit, batch);
      audit.batch = open;
      return;
    }
    closeOpenBatch(audit);
    const { state, findings } = audit;
    if (first.row.position >= from) redecideAlone(unit, shape, { state, rules, findings, digestOf });
    applyUnit(audit, unit);
  };

  const closeOpenBatch = (audit: Audit): void => {
    if (audit.batch !== undefined) closeBatch(audit, audit.batch);
    audit.batch = undefined;
  };

  return {
    name: 'audit',
    initialState: (): Audit => ({ state: emptyLedgerState(), findings: noFindings(keptMax), unit: [], batch: undefined, last: { position: 0, recordedAtMs: 0 }, events: 0 }),
    /** Takes in the next event. The same object, changed in place. */
    applyEvent: (audit: Audit, audited: AuditedEvent): Audit => {
      const { row } = audited;
      if (row.position >= from) checkPlace(audit, audited);
      if (row.causationId === null || audit.unit.length >= BATCH_EVENTS_MAX) closeUnit(audit);
      audit.unit.push(audited);
      audit.last = row;
      audit.events += 1;
      return audit;
    },
    /** Decides what is still gathered and says what was found. Nothing is to be taken in afterwards: the last batch may not have been complete. */
    close: (audit: Audit): AuditReport => {
      closeUnit(audit);
      closeOpenBatch(audit);
      const { state, findings, events } = audit;
      const { position, recordedAtMs } = audit.last;
      const { redecided, total, unexplained, kept } = findings;
      const counts = new Map([...state.counts].map(([name, pool]) => [name, countAt(pool, recordedAtMs)]));
      return { position, events, redecided, differences: { total, unexplained, kept }, notRedecidable: notRedecidableOf(findings), counts };
    },
  };
};
