import type { DomainEvent, EventType } from '@muster/contracts';
import { encodeBody, eventCatalogue } from '@muster/contracts';
import { RULES_VERSION } from '../activation/outcome-events.js';
import type { AuditedEvent, Derived, Difference, NotRedecidable } from './audit.types.js';
import { compareBodies } from './compare-bodies.js';
import { inputsOf } from './unrecorded-inputs.js';

/** Enough to see what is wrong; a ledger in which everything differs would fill the memory with saying so. */
export const DIFFERENCES_KEPT_MAX = 1000;

/** What an audit found so far. Changed in place. */
export interface Findings {
  readonly keptMax: number;
  redecided: number;
  total: number;
  unexplained: number;
  readonly kept: Difference[];
  /** Compared events, by type. */
  readonly compared: Map<EventType, number>;
  /** What single events could not be decided by. */
  readonly exceptions: Map<string, NotRedecidable>;
}

export const noFindings = (keptMax: number): Findings => ({ keptMax, redecided: 0, total: 0, unexplained: 0, kept: [], compared: new Map(), exceptions: new Map() });

export const noteDifference = (findings: Findings, difference: Difference): void => {
  findings.total += 1;
  if (difference.explainedBy === null) findings.unexplained += 1;
  if (findings.kept.length < findings.keptMax) findings.kept.push(difference);
};

/** Of one event something could not be decided again, for a reason that not every event of its type has. */
export const noteException = ({ exceptions }: Findings, { type, part, reason }: Omit<NotRedecidable, 'events'>): void => {
  const key = `${type} ${part}`;
  exceptions.set(key, { type, part, reason, events: (exceptions.get(key)?.events ?? 0) + 1 });
};

/** What was taken on trust, of whole types and of single events. */
export const notRedecidableOf = ({ compared, exceptions }: Findings): readonly NotRedecidable[] => [
  ...[...compared].flatMap(([type, events]) => inputsOf(type).map((input) => ({ type, ...input, events }))),
  ...exceptions.values(),
];

const rulesVersionOf = ({ data }: DomainEvent): number | undefined => ('basis' in data ? data.basis.rulesVersion : undefined);

/** The rules that the events of one command say that they were decided by, where those are older than the ones at hand. */
const olderVersionOf = (unit: readonly AuditedEvent[], version: number): number | null => {
  const stated = unit.map(({ event }) => rulesVersionOf(event)).find((each) => each !== undefined);
  return stated !== undefined && stated >= 1 && stated < version ? stated : null;
};

/** The version is a statement about the rules, not a result of them: an older one is no difference by itself. */
const underVersion = (event: DomainEvent, version: number): DomainEvent =>
  'basis' in event.data && version !== RULES_VERSION ? ({ ...event, data: { ...event.data, basis: { ...event.data.basis, rulesVersion: version } } } as DomainEvent) : event;

const compareEvent = ({ row, body, event }: AuditedEvent, derived: DomainEvent, findings: Findings, explainedBy: number | null): void => {
  const at = { position: row.position, type: event.type, explainedBy };
  if (event.type !== derived.type) {
    noteDifference(findings, { ...at, path: 'type', recorded: event.type, derived: derived.type });
    return;
  }
  const isCurrent = row.version === eventCatalogue[event.type].version;
  const bytes = encodeBody(derived);
  if (bytes.equals(isCurrent ? body : encodeBody(event))) return;
  const fields = compareBodies(event.data, JSON.parse(bytes.toString('utf8')));
  const differences = fields.length > 0 ? fields : [{ path: 'bytes', recorded: body.length, derived: bytes.length }];
  for (const difference of differences) noteDifference(findings, { ...at, ...difference });
};

/** Holds the events of one command against what the rules derive from its inputs. */
export const compareUnit = (unit: readonly AuditedEvent[], derived: Derived, { findings, version }: { readonly findings: Findings; readonly version: number }): void => {
  const explainedBy = olderVersionOf(unit, version);
  const events = 'events' in derived ? derived.events : [];
  const none = 'why' in derived ? `nothing: ${derived.why}` : 'nothing';
  findings.redecided += unit.length;
  for (const [index, recorded] of unit.entries()) {
    const { position } = recorded.row;
    const { type } = recorded.event;
    const expected = events[index];
    findings.compared.set(type, (findings.compared.get(type) ?? 0) + 1);
    if (expected === undefined) noteDifference(findings, { position, type, path: 'type', recorded: type, derived: none, explainedBy });
    else compareEvent(recorded, underVersion(expected, explainedBy ?? version), findings, explainedBy);
  }
  const last = unit.at(-1) as AuditedEvent;
  for (const missing of events.slice(unit.length)) {
    noteDifference(findings, { position: last.row.position, type: last.event.type, path: 'followed by', recorded: null, derived: missing.type, explainedBy });
  }
};
