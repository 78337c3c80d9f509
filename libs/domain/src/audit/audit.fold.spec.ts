import fc from 'fast-check';
import type { DomainEvent } from '@muster/contracts';
import { encodeBody, eventCatalogue } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import type { AuditedEvent, AuditReport } from './audit.types.js';
import type { AuditOptions } from './audit.fold.js';
import { auditFold } from './audit.fold.js';
import { decideAnnounceKey, decideChangeKey } from '../hosts/rotate-key.decide.js';
import { decideCreateAccessToken, decideRevokeAccessToken } from '../access/access-tokens.decide.js';
import { decideCreateToken, decideRevokeToken } from '../enrolment/enrolment-tokens.decide.js';
import { decideProxyConfirmation } from '../proxy/confirm-proxy.decide.js';
import { decideProxyRequest } from '../proxy/request-proxy.decide.js';
import type { Asked, LeaseAsked } from './recorded-history.fixture.js';
import { digestOf, historyClaims, HOST, jwsOf, machineId, RecordedHistory, sha256Of, uuidOf } from './recorded-history.fixture.js';
import { productionRules } from './rules.js';

const audit = (events: readonly AuditedEvent[], options: AuditOptions = {}): AuditReport => {
  const fold = auditFold(options);
  const started = fold.initialState();
  return fold.close(events.reduce(fold.applyEvent, started));
};

const differencesOf = (report: AuditReport): readonly string[] => report.differences.kept.map(({ position, path }) => `${position} ${path}`);

const MACHINES = 8;
const machine = fc.nat(MACHINES - 1);

type Step =
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'activations'; readonly asked: readonly Asked[] }
  | { readonly do: 'leases'; readonly asked: readonly LeaseAsked[] }
  | { readonly do: 'certificate'; readonly threshold: number; readonly onlyEnrolled: boolean; readonly windowDays: number; readonly virtual: boolean }
  | { readonly do: 'token'; readonly uses: number; readonly days: number }
  | { readonly do: 'revoke-token' | 'rotate' | 'retire-host' | 'access' | 'install-key' | 'revocations' }
  | { readonly do: 'proxy'; readonly machines: readonly number[] };

const product = fc.constantFrom('acme.workstation', 'acme.workstation', 'acme.upgrade', 'acme.server');
const asked: fc.Arbitrary<Asked> = fc.record(
  { machine, product, virtual: fc.boolean(), enrolment: fc.constantFrom(digestOf(500), digestOf(501)), cited: fc.boolean() },
  { requiredKeys: ['machine'] },
);
const leaseAsked: fc.Arbitrary<LeaseAsked> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('renew' as const), machine, punctual: fc.boolean(), virtual: fc.boolean(), elsewhere: fc.boolean(), product }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('renew' as const), machine, punctual: fc.boolean(), virtual: fc.constant(false) }) },
  fc.record({ kind: fc.constant('release' as const), machine }),
  fc.record({ kind: fc.constant('force' as const), machine, reason: fc.constantFrom('lost' as const, 'reimaged' as const) }),
  fc.record({ kind: fc.constant('retire' as const), machine }),
  fc.constant({ kind: 'expire' as const }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.oneof(fc.constantFrom(0, 1, 3600), fc.integer({ min: 1, max: 29 * DAY_SECONDS }), fc.integer({ min: DAY_SECONDS, max: 200 * DAY_SECONDS })) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('activations' as const), asked: fc.array(asked, { minLength: 1, maxLength: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('leases' as const), asked: fc.array(leaseAsked, { minLength: 1, maxLength: 6 }) }) },
  fc.record({ do: fc.constant('certificate' as const), threshold: fc.integer({ min: 1, max: 6 }), onlyEnrolled: fc.boolean(), windowDays: fc.integer({ min: 1, max: 60 }), virtual: fc.boolean() }),
  fc.record({ do: fc.constant('token' as const), uses: fc.integer({ min: 1, max: 3 }), days: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ do: fc.constantFrom('revoke-token' as const, 'rotate' as const, 'retire-host' as const, 'access' as const, 'install-key' as const, 'revocations' as const) }),
  fc.record({ do: fc.constant('proxy' as const), machines: fc.array(machine, { minLength: 1, maxLength: 3 }) }),
);

const decidedEvent = (decision: object): readonly (readonly DomainEvent[])[] => ('event' in decision ? [[decision.event as DomainEvent]] : []);

const take = (history: RecordedHistory, taken: Step, serial: number): void => {
  const nowMs = history.recordedAtMs;
  switch (taken.do) {
    case 'pass':
      return history.pass(taken.seconds);
    case 'activations':
      return history.activations(taken.asked);
    case 'leases':
      return history.leaseRound(taken.asked);
    case 'certificate': {
      const { threshold, onlyEnrolled, windowDays, virtual } = taken;
      const iat = Math.floor(nowMs / SECOND_MS) + serial;
      const [workstation, ...others] = historyClaims.products;
      const products = [{ ...workstation!, threshold }, ...others];
      const pools = [{ name: 'acme', countWindowSeconds: windowDays * DAY_SECONDS, countVirtualMachines: virtual, countOnlyEnrolled: onlyEnrolled }];
      return history.activate({ ...historyClaims, jti: uuidOf(serial), iat, nbf: iat - serial, exp: iat + 365 * DAY_SECONDS, products, pools });
    }
    case 'token': {
      const order = { tokenKey: digestOf(500 + (serial % 2)), maximumUses: taken.uses, expiresInSeconds: taken.days * DAY_SECONDS, actor: 'operator:test' } as const;
      return history.record(decidedEvent(decideCreateToken(order, history.enrolment, { tokenId: uuidOf(5000 + serial), nowMs })));
    }
    case 'revoke-token': {
      const [tokenId] = history.enrolment.tokens.keys();
      return tokenId === undefined ? undefined : history.record(decidedEvent(decideRevokeToken({ tokenId, actor: 'operator:test' }, history.enrolment)));
    }
    case 'rotate': {
      const kid = digestOf(2000 + serial);
      const vouched = { kid, x: digestOf(3), delegation: jwsOf({ iss: HOST, sub: kid, cnf: { jwk: { x: digestOf(3) } } }), host: HOST };
      history.record(decidedEvent(decideAnnounceKey(vouched, history.host, nowMs)));
      history.pass(3 * DAY_SECONDS);
      return history.record(decidedEvent(decideChangeKey({ kid, reason: serial % 3 === 0 ? 'compromise' : 'rotation' }, history.host, history.recordedAtMs)));
    }
    case 'retire-host':
      return history.host.status === 'active' ? history.record([[{ type: 'HostRetired', data: { host: HOST, reason: 'replaced' } }]]) : undefined;
    case 'access': {
      history.record(decidedEvent(decideCreateAccessToken({ tokenHash: digestOf(4000 + serial), role: 'viewer', expiresInSeconds: 3600 }, history.tokens, { nowMs, tokenId: uuidOf(4000 + serial) })));
      return history.record(decidedEvent(decideRevokeAccessToken(uuidOf(4000 + serial), history.tokens)));
    }
    case 'install-key':
      return history.record([[{ type: 'HostKeyInstalled', data: { keyId: digestOf(6000 + serial), keyEnding: 'ABCDE', policies: jwsOf({ serial }), policiesDigest: sha256Of(jwsOf({ serial })) } }]]);
    case 'revocations': {
      const said = { sequence: serial + 1, certificates: [], keys: [digestOf(9000)] };
      return history.record([[{ type: 'RevocationListInstalled', data: { ...said, list: jwsOf(said) } }]]);
    }
    case 'proxy':
      for (const index of taken.machines) {
        const of = { machine: machineId(index), product: 'acme.workstation' };
        const order = { ...of, request: jwsOf({ serial, index }), requestDigest: sha256Of(jwsOf({ serial, index })), requestId: uuidOf(serial), hostname: null, address: null };
        history.record(decidedEvent(decideProxyRequest(order, { host: history.host, requests: history.proxies, usedBefore: false })), `machine:${of.machine}`);
        if (index % 2 === 0) history.record(decidedEvent(decideProxyConfirmation({ ...of, leaseId: uuidOf(7000 + serial), lease: jwsOf({ jti: uuidOf(7000 + serial) }) }, history.proxies)));
      }
  }
};

const historyOf = (steps: readonly Step[]): RecordedHistory => {
  const history = new RecordedHistory();
  history.activate();
  for (const [index, taken] of steps.entries()) take(history, taken, index + 1);
  return history;
};

/** A history with every kind of decision in it. */
const fullHistory = (): RecordedHistory => {
  const machines = [0, 1, 2, 3, 4, 5];
  const history = new RecordedHistory();
  history.record([[{ type: 'HostKeyInstalled', data: { keyId: digestOf(1), keyEnding: 'ABCDE', policies: jwsOf({ a: 1 }), policiesDigest: sha256Of(jwsOf({ a: 1 })) } }]]);
  history.activate();
  take(history, { do: 'token', uses: 2, days: 30 }, 2);
  history.activations(machines.map((index) => ({ machine: index, ...(index === 5 ? { enrolment: digestOf(500) } : {}) })));
  history.activations([{ machine: 0, product: 'acme.server' }, { machine: 1, product: 'acme.upgrade' }]);
  history.pass(7 * DAY_SECONDS);
  history.leaseRound([{ kind: 'retire', machine: 4 }, ...[3, 5].map((index) => ({ kind: 'renew' as const, machine: index, punctual: true, virtual: false })), { kind: 'release', machine: 2 }]);
  history.activations([{ machine: 0 }, { machine: 1 }]);
  history.leaseRound([{ kind: 'retire', machine: 1 }]);
  history.leaseRound([{ kind: 'force', machine: 5, reason: 'lost' }, { kind: 'renew', machine: 3, punctual: true, virtual: true }]);
  for (const what of ['rotate', 'access', 'revoke-token', 'revocations'] as const) take(history, { do: what }, 4);
  take(history, { do: 'proxy', machines: [0, 1] }, 5);
  history.pass(200 * DAY_SECONDS);
  history.leaseRound([{ kind: 'expire' }]);
  take(history, { do: 'retire-host' }, 6);
  history.activations([{ machine: 0 }]);
  return history;
};

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

  it('derives digests where it is handed the hash', () => {
    const history = new RecordedHistory();
    history.activate();
    expect(audit(history.events, { digestOf: sha256Of }).differences.total).toBe(0);
    expect(differencesOf(audit(history.events, { digestOf: () => digestOf(1) }))).toEqual(['1 certificateDigest']);
  });
});
