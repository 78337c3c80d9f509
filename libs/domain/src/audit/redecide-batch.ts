import type { EventOf } from '@muster/contracts';
import type { Arrival } from '../counting/tally.js';
import type { ActivationDecision } from '../activation/outcome-events.js';
import type { AuditedEvent, Derived } from './audit.types.js';
import type { Batch, Placed } from './batch.js';
import type { Findings } from './findings.js';
import { compareUnit, noteDifference, noteException } from './findings.js';
import { isAuthorityType } from './ledger-state.js';
import type { ActContext } from './redecide-act.js';
import { redecideAct } from './redecide-act.js';
import { redecideDns } from './redecide-dns.js';
import { redecideEnd } from './redecide-end.js';
import type { Posed, RoundContext } from './redecide-request.js';
import { poseRequest } from './redecide-request.js';
import type { Shape, Unit } from './unit.js';

const pose = ({ unit, shape }: Placed, round: RoundContext): Posed | undefined => (shape.kind === 'request' ? poseRequest(unit, shape, round) : undefined);

const derivedFrom = (decision: ActivationDecision): Derived => (decision.status === 'rejected' ? { why: decision.kind } : { events: decision.events });

/** Says once for each lease that a batch ends: the rules see the state before the batch, where it runs. */
const endedTwice = (shape: Shape, ended: Set<string>): boolean => {
  const leaseId = shape.kind === 'release' ? shape.released.data.leaseId : shape.kind === 'expiry' ? shape.expired.data.leaseId : undefined;
  if (leaseId === undefined) return false;
  if (ended.has(leaseId)) return true;
  ended.add(leaseId);
  return false;
};

/** The request says something else than its machine signed. */
const noteForeignContent = (unit: Unit, { type, data }: EventOf<'ActivationRequested'>, findings: Findings): void => {
  const position = unit.find(({ event }) => event.type === type)?.row.position ?? unit[0].row.position;
  noteDifference(findings, { position, type, path: 'contentDigest', recorded: data.contentDigest, derived: 'the digest of other content', explainedBy: null });
};

export interface BatchContext extends ActContext {
  readonly findings: Findings;
}

/** As a service's write round: everything as of the batch's head, the counts of all its arrivals at once, then each decision. */
export const redecideBatch = ({ placed, head, recordedAtMs: nowMs }: Batch, { state, rules, findings, digestOf }: BatchContext): void => {
  const judge = rules.judgeEnrolments(state.enrolment, nowMs);
  const round: RoundContext = { state, rules, head, nowMs, judge, digestOf, justEnrolled: new Set(), except: (exception) => noteException(findings, exception) };
  const posed = placed.map((each) => pose(each, round));
  const arrivals = posed.flatMap((each): readonly Arrival[] => (each?.arrival === undefined ? [] : [each.arrival]));
  const counts = rules.tally(state.counts, arrivals, nowMs);
  const ended = new Set<string>();
  let counted = 0;
  for (const [index, { unit, shape }] of placed.entries()) {
    const asked = posed[index];
    if (asked?.asked === 'neither' && shape.kind === 'request') noteForeignContent(unit, shape.requested, findings);
    let derived: Derived;
    if (asked !== undefined) derived = derivedFrom(asked.decide(asked.arrival === undefined ? undefined : counts[counted++]));
    else if (shape.kind === 'request' || shape.kind === 'alone' || shape.kind === 'no-command') continue; // decided alone
    else derived = endedTwice(shape, ended) ? { why: 'ended before in the same batch' } : redecideEnd(shape, round);
    compareUnit(unit, derived, { findings, version: rules.version });
  }
};

const AUTHORITY = "an event of an authority's ledger, whose decisions are made by other rules";

const noteNoCommand = (unit: Unit, findings: Findings): void => {
  for (const { row, event } of unit) {
    noteDifference(findings, { position: row.position, type: event.type, path: 'type', recorded: event.type, derived: 'nothing: no command leaves these events', explainedBy: null });
  }
};

/** An event that is a round of its own. */
export const redecideAlone = (unit: Unit, shape: Shape, context: BatchContext): void => {
  const { findings, rules } = context;
  const [audited]: readonly [AuditedEvent, ...AuditedEvent[]] = unit;
  const derived = shape.kind === 'alone' ? (redecideAct(audited, context) ?? redecideDns(audited, context)) : undefined;
  if (derived !== undefined) compareUnit(unit, derived, { findings, version: rules.version });
  else if (isAuthorityType(audited.event.type)) noteException(findings, { type: audited.event.type, part: 'all of it', reason: AUTHORITY });
  else noteNoCommand(unit, findings);
};
