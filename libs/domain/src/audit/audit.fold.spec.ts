import fc from 'fast-check';
import type { DomainEvent } from '@muster/contracts';
import { encodeBody, eventCatalogue } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { AuditedEvent, AuditReport } from './audit.types.js';
import type { AuditOptions } from './audit.fold.js';
import { auditFold } from './audit.fold.js';
import { fullHistory, historyOf, step } from './any-history.fixture.js';
import { dnsAppends } from './dns-history.fixture.js';
import { digestOf, HISTORY_START_MS, jwsOf, RecordedHistory, sha256Of } from './recorded-history.fixture.js';
import { productionRules } from './rules.js';

const audit = (events: readonly AuditedEvent[], options: AuditOptions = {}): AuditReport => {
  const fold = auditFold(options);
  const started = fold.initialState();
  return fold.close(events.reduce(fold.applyEvent, started));
};

const differencesOf = (report: AuditReport): readonly string[] => report.differences.kept.map(({ position, path }) => `${position} ${path}`);

type Path = readonly string[];

const leafPaths = (value: unknown, path: Path = []): readonly Path[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, member]) => leafPaths(member, [...path, name])) : [path];

/** Another value of the same kind, far enough from the first that a rule which rounds cannot take one for the other. */
const another = (value: unknown): unknown => {
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value < 1 && value > 0 ? (value + 0.5) % 1 : value + 1_000_000;
    case 'string':
      if (/^\d{4}-\d\d-\d\dT/.test(value)) return toInstant(Date.parse(value) + 1001);
      return value.startsWith('e30.') ? jwsOf({ edited: true }) : value.replace(/.$/, (last) => (last === 'B' ? 'C' : 'B'));
    default:
      return 'edited';
  }
};

const editedAt = (value: unknown, [name, ...rest]: Path): unknown => {
  if (name === undefined) return another(value);
  const members = value as Record<string, unknown>;
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...members };
  (copy as Record<string, unknown>)[name] = editedAt(members[name], rest);
  return copy;
};

const ofData = ({ row, event }: Pick<AuditedEvent, 'row' | 'event'>, data: unknown): AuditedEvent => {
  const changed = { type: event.type, data } as DomainEvent;
  return { row, body: encodeBody(changed), event: changed };
};

const edited = (audited: AuditedEvent, path: Path): AuditedEvent => ofData(audited, editedAt(audited.event.data, path));

/** A rule under which a product activates one machine later; what is recorded of the threshold stays. */
const oneMore =
  <Decide extends typeof productionRules.decideActivation | typeof productionRules.decideRenewal>(decide: Decide): Decide =>
  ((...args: Parameters<typeof productionRules.decideActivation>) => {
    const [request, state, context] = args;
    const decision = (decide as typeof productionRules.decideActivation)(request, state, context);
    if (decision.status === 'rejected') return decision;
    const outcome = decision.events.at(-1)!;
    if (outcome.type !== 'ActivationGranted' && outcome.type !== 'ActivationRenewed') return decision;
    if (outcome.data.basis.count !== outcome.data.basis.threshold) return decision;
    return { status: 'recorded', events: [...decision.events.slice(0, -1), { type: 'ActivationDeferred', data: outcome.data }] };
  }) as Decide;

/**
 * Fields that nothing in the ledger can be held against, at least in some event: inputs, and what rests on signatures; all are among `notRedecidable`.
 * Listed so that none is added in silence.
 */
const NOT_DERIVED: readonly string[] = [
  'AccessTokenCreated role',
  'AccessTokenCreated tokenHash',
  'AccessTokenCreated tokenId',
  'ActivationReleased reason',
  'ActivationRenewed renewedLease',
  'ActivationRequested citedLease',
  'ActivationRequested contentDigest',
  'ActivationRequested drawnFor',
  'ActivationRequested virtual',
  'DnsConflictDetected domain',
  'DnsConflictDetected found',
  'DnsConflictDetected owner',
  'EndpointAnnounced domains',
  'EndpointAnnounced priority',
  'EndpointAnnounced scheme',
  'EndpointAnnounced weight',
  'EndpointConfigured domains.0',
  'EndpointConfigured priority',
  'EndpointConfigured weight',
  'EndpointFellSilent cause',
  'EnrolmentTokenCreated maximumUses',
  'EnrolmentTokenCreated tokenId',
  'EnrolmentTokenCreated tokenKey',
  'HostKeyInstalled keyEnding',
  'HostKeyInstalled keyId',
  'HostRetired reason',
  'MachineRetired reason',
  'ProxyActivationConfirmed lease',
  'RenewalDeferred lease',
  'RevocationListInstalled list',
  'ServiceRecordPublished domain',
  'ServiceRecordPublished epoch',
  'ServiceRecordPublished name',
  'ServiceRecordPublished priority',
  'ServiceRecordPublished rcode',
  'ServiceRecordPublished scheme',
  'ServiceRecordPublished serial',
  'ServiceRecordPublished server',
  'ServiceRecordPublished ttlSeconds',
  'ServiceRecordPublished weight',
  'ServiceRecordWithdrawn epoch',
  'ServiceRecordWithdrawn rcode',
  'ServiceRecordWithdrawn reason',
  'ServiceRecordWithdrawn serial',
  'ServiceRecordWithdrawn server',
  'SigningKeyAnnounced delegation',
  'SigningKeyChanged reason',
];

describe('an audit of decisions', () => {
  it('finds no difference in any history that the rules made', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const { events } = historyOf(steps);
        for (const options of [{}, { digestOf: sha256Of }]) {
          const report = audit(events, options);
          expect(report.differences.kept).toEqual([]);
          expect(report).toMatchObject({ events: events.length, redecided: events.length });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has every type of a host in the history that the other tests edit, and finds no difference in it', () => {
    const { events } = fullHistory();
    const types = new Set(events.map(({ event }) => event.type));
    const authority = 11;
    expect(types.size).toBe(Object.keys(eventCatalogue).length - authority);
    expect(audit(events).differences.kept).toEqual([]);
  });

  it('reports the fact that was edited, where it stands, whichever field it is that follows from the rules', () => {
    const { events } = fullHistory();
    const missed: string[] = [];
    for (const [index, original] of events.entries()) {
      for (const path of leafPaths(original.event.data)) {
        const report = audit(events.with(index, edited(original, path)), { digestOf: sha256Of });
        const isReported = report.differences.kept.some(({ position }) => position === original.row.position);
        if (!isReported) missed.push(`${original.event.type} ${path.join('.')}`);
      }
    }
    expect([...new Set(missed)].sort()).toEqual(NOT_DERIVED);
  });

  it('reports exactly the decisions that another rule changes', () => {
    const history = new RecordedHistory();
    history.activate();
    history.activations([0, 1, 2, 3, 4, 5, 6].map((index) => ({ machine: index, virtual: index === 4 || index === 5 })));
    history.leaseRound([{ kind: 'retire', machine: 6 }]);
    history.leaseRound([{ kind: 'renew', machine: 5, punctual: true, virtual: true }, { kind: 'renew', machine: 3, punctual: true, virtual: false }]);
    const { events } = history;
    const report = audit(events, { rules: { ...productionRules, decideActivation: oneMore(productionRules.decideActivation), decideRenewal: oneMore(productionRules.decideRenewal) } });
    const atThreshold = events.filter(({ event }) => (event.type === 'ActivationGranted' || event.type === 'ActivationRenewed') && event.data.basis.count === event.data.basis.threshold);
    expect(atThreshold.map(({ event }) => event.type)).toEqual(['ActivationGranted', 'ActivationGranted', 'ActivationGranted', 'ActivationRenewed', 'ActivationRenewed']);
    expect(report.differences.kept.map(({ position, path, explainedBy }) => ({ position, path, explainedBy }))).toEqual(atThreshold.map(({ row: { position } }) => ({ position, path: 'type', explainedBy: null })));
  });

  it('tells what an older version of the rules decided from what nothing explains, and counts what it does not keep', () => {
    const { events } = fullHistory();
    const later = { ...productionRules, version: 2, decideActivation: oneMore(productionRules.decideActivation) };
    const granted = events.filter(({ event }) => event.type === 'ActivationGranted' && event.data.basis.count === event.data.basis.threshold);
    const { differences } = audit(events, { rules: later, keptMax: 1 });
    expect(differences).toMatchObject({ total: granted.length, unexplained: 0, kept: [{ explainedBy: 1 }] });
    const asVersion = ({ row, event }: AuditedEvent, rulesVersion: number): AuditedEvent => ofData({ row, event }, { ...event.data, basis: { ...('basis' in event.data ? event.data.basis : {}), rulesVersion } });
    const made = events.map((each) => ('basis' in each.event.data ? asVersion(each, 2) : each));
    expect(audit(made, { rules: { ...productionRules, version: 2 } }).differences.total).toBe(0);
    expect(audit(made).differences).toMatchObject({ unexplained: made.filter(({ event }) => 'basis' in event.data).length });
  });

  it('counts as of the last event, and says what it took on trust', () => {
    const history = new RecordedHistory();
    history.activate();
    history.activations([0, 1, 2, 3].map((index) => ({ machine: index, virtual: index === 3 })));
    const report = audit(history.events);
    expect(report.counts).toEqual(new Map([['acme', { physical: 3, virtual: 1 }]]));
    expect(report.notRedecidable).toContainEqual(expect.objectContaining({ type: 'ActivationDeferred', part: 'audience', events: 4 }));
  });

  it('finds what is missing, put in, out of order or out of time', () => {
    const { events } = fullHistory();
    const at = events.findIndex(({ event }) => event.type === 'ActivationGranted');
    const renumbered = (list: readonly AuditedEvent[]): readonly AuditedEvent[] =>
      list.map((each, index) => ({ ...each, row: { ...each.row, position: index + 1, causationId: each.row.causationId === null ? null : index } }));
    expect(differencesOf(audit(events.toSpliced(at, 1)))).toContain(`${at} type`);
    expect(differencesOf(audit(events.toSpliced(at, 1)))).toContain(`${at + 2} position`);
    expect(audit(renumbered(events.toSpliced(at - 1, 2))).differences.total).toBeGreaterThan(0);
    expect(audit(renumbered(events.toSpliced(at + 1, 0, events[at - 1]!, events[at]!))).differences.total).toBeGreaterThan(0);
    const late = events[at]!;
    expect(differencesOf(audit(events.with(at, { ...late, row: { ...late.row, recordedAtMs: late.row.recordedAtMs - 1 } })))).toContain(`${at + 1} recordedAt`);
  });

  it('takes in what came before a position without deciding it again', () => {
    const { events } = fullHistory();
    const at = events.findIndex(({ event }) => event.type === 'ActivationDeferred');
    const broken = events.with(at, edited(events[at]!, ['basis', 'count']));
    expect(audit(broken).differences.total).toBe(1);
    expect(audit(broken, { from: at + 10 }).differences.total).toBe(0);
  });

  it('finds facts about endpoints and their records that are none as the endpoint stands: each event once more', () => {
    const appends = dnsAppends(HISTORY_START_MS);
    const twice = appends.flatMap((events, at) => events.map((event, index) => ({ at, index, event })));
    for (const { at, index, event } of twice) {
      const history = new RecordedHistory();
      for (const events of appends.slice(0, at)) history.record(events.map((each) => [each]));
      history.record([...(appends[at] ?? []).slice(0, index + 1), event].map((each) => [each]));
      expect(audit(history.events).differences.kept).toMatchObject([{ position: history.head, type: event.type }]);
    }
  });

  it('derives digests where it is handed the hash', () => {
    const history = new RecordedHistory();
    history.activate();
    expect(audit(history.events, { digestOf: sha256Of }).differences.total).toBe(0);
    expect(differencesOf(audit(history.events, { digestOf: () => digestOf(1) }))).toEqual(['1 certificateDigest']);
  });
});
