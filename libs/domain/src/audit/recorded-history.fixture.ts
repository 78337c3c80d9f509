import { createHash } from 'node:crypto';
import type { DomainEvent, HostCertificateClaims, ReleaseReason, RequestActivation } from '@muster/contracts';
import { canonicalJson, decodeBody, encodeBody, eventCatalogue, typedColumnsOf } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { accessTokensFold, applyAccessTokenEvent } from '../access/access-tokens.fold.js';
import { decideActivation } from '../activation/request-activation.decide.js';
import { screenRequest } from '../activation/screen-request.rule.js';
import { applyPolicies, applyRow, initialCountingState } from '../counting/counting.fold.js';
import type { Arrival } from '../counting/tally.js';
import { tally } from '../counting/tally.js';
import { applyEnrolmentEvent, emptyEnrolment } from '../enrolment/enrolment.fold.js';
import type { Standing } from '../enrolment/standing.rule.js';
import { countingStandingOf, judgeEnrolments } from '../enrolment/standing.rule.js';
import { hostFold } from '../hosts/host.fold.js';
import type { HeldLease } from '../leases/active-leases.fold.js';
import { applyLeaseEvent, emptyActiveLeases, heldBy } from '../leases/active-leases.fold.js';
import { decideExpiries, decideForceRelease, decideRelease, decideRetirement } from '../leases/end-leases.decide.js';
import { applyProxyEvent, noProxyRequests } from '../proxy/proxy-requests.fold.js';
import type { PresentedLease } from '../renewal/presented-lease.rule.js';
import { decideRenewal, screenRenewal } from '../renewal/renew-lease.decide.js';
import type { AuditedEvent } from './audit.types.js';

export const HISTORY_START_MS = Date.UTC(2026, 0, 5, 8);
export const HOST = 'h'.repeat(42) + 'A';
export const digestOf = (index: number): string => `${String(index).padStart(42, 'd')}A`;
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('base64url');
export const machineId = (index: number): string => `${String(index).padStart(42, '0')}A`;
export const uuidOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const lease = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 2 * HOUR_SECONDS };
export const historyClaims: HostCertificateClaims = {
  ...{ iss: 'acme', sub: HOST, jti: uuidOf(1), iat: toNumericDate(HISTORY_START_MS), nbf: toNumericDate(HISTORY_START_MS), exp: toNumericDate(HISTORY_START_MS) + 365 * DAY_SECONDS },
  ...{ organisation: 'example', environment: 'production', cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: digestOf(0) } }, coversGroup: 'workstations', renewalGraceSeconds: 30 * DAY_SECONDS },
  groups: [{ name: 'workstations', rank: 1 }, { name: 'servers', rank: 2 }],
  pools: [{ name: 'acme', countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false }],
  products: [
    { name: 'acme.workstation', group: 'workstations', pool: 'acme', threshold: 4, ...lease },
    { name: 'acme.upgrade', group: 'workstations', pool: 'acme', threshold: 2, ...lease, qualification: { table: 'SLIC', marker: 'ACME', unreadable: 'refuse' } },
    { name: 'acme.server', group: 'servers', pool: 'acme', threshold: 2, ...lease },
  ],
};

export const jwsOf = (said: unknown): string => `e30.${Buffer.from(JSON.stringify(said)).toString('base64url')}.AA`;

export const certified = (claims: HostCertificateClaims) => ({ jws: jwsOf(claims), digest: sha256Of(jwsOf(claims)), claims });

/** What a machine asks in a round of the activation service. */
export interface Asked {
  readonly machine: number;
  readonly product?: string;
  readonly virtual?: boolean;
  /** The token that it presents. */
  readonly enrolment?: string;
  readonly cited?: boolean;
}

/** What is asked in a round of the lease service. */
export type LeaseAsked =
  | { readonly kind: 'renew'; readonly machine: number; readonly punctual: boolean; readonly virtual: boolean; readonly elsewhere?: boolean; readonly product?: string }
  | { readonly kind: 'release'; readonly machine: number }
  | { readonly kind: 'force'; readonly machine: number; readonly reason: Exclude<ReleaseReason, 'returned'> }
  | { readonly kind: 'retire'; readonly machine: number }
  | { readonly kind: 'expire' };

/** The same on every run; enough for ids and spreads. */
const drawsFrom = (start: number) => {
  let drawn = start;
  return { leaseId: (): string => uuidOf(100_000 + (drawn += 1)), spread: (): number => ((drawn += 1) * 0.618033988749895) % 1 };
};

/** A ledger in memory, written as the services write theirs: rounds decided by the rules as of the head, with states of its own. */
export class RecordedHistory {
  readonly events: AuditedEvent[] = [];
  readonly leases = emptyActiveLeases();
  readonly enrolment = emptyEnrolment();
  readonly proxies = noProxyRequests();
  readonly tokens = accessTokensFold.initialState();
  readonly counts = initialCountingState();
  host = hostFold.initialState();
  nowMs = HISTORY_START_MS;
  readonly #draws = drawsFrom(0);
  readonly #known = new Set<string>();

  get head(): number {
    return this.events.length;
  }

  get recordedAtMs(): number {
    return Math.max(this.events.at(-1)?.row.recordedAtMs ?? 0, this.nowMs);
  }

  /** One commit; each group of events is one command's. */
  record(groups: readonly (readonly DomainEvent[])[], actor = 'operator:test'): void {
    const { recordedAtMs } = this;
    for (const group of groups) {
      for (const [index, decided] of group.entries()) {
        const position = this.events.length + 1;
        const body = encodeBody(decided);
        const { version } = eventCatalogue[decided.type];
        const event = decodeBody({ type: decided.type, version, body });
        const { machine, ...columns } = typedColumnsOf(event);
        const by = machine !== null && (decided.type === 'MachineEnrolled' || group.some(({ type }) => type === 'ActivationRequested')) ? `machine:${machine}` : actor;
        this.events.push({ row: { position, recordedAtMs, version, actor: by, requestId: null, causationId: index === 0 ? null : position - 1 }, body, event });
        this.host = hostFold.evolve(this.host, event);
        if (event.type === 'HostActivated') applyPolicies(this.counts, event.data.claims, recordedAtMs);
        applyRow(this.counts, { recordedAtMs, machine, ...columns });
        applyLeaseEvent(this.leases, { position, recordedAtMs, event });
        applyEnrolmentEvent(this.enrolment, event, recordedAtMs);
        applyProxyEvent(this.proxies, event, { position, recordedAtMs });
        applyAccessTokenEvent(this.tokens, { event, position, recordedAtMs });
        if (machine !== null) this.#known.add(machine);
      }
    }
  }

  activate(claims: HostCertificateClaims = historyClaims): void {
    const { jws, digest } = certified(claims);
    this.record([[{ type: 'HostActivated', data: { host: claims.sub, certificate: jws, certificateDigest: digest, claims } }]]);
  }

  /** Time goes on; by more than a clock is trusted to, with the operator's word. */
  pass(seconds: number): void {
    const from = this.recordedAtMs;
    this.nowMs += seconds * SECOND_MS;
    if (this.head > 0 && this.nowMs - (this.events.at(-1)?.row.recordedAtMs ?? 0) > 30 * DAY_SECONDS * SECOND_MS) {
      this.record([[{ type: 'TimeStepAccepted', data: { from: toInstant(this.events.at(-1)?.row.recordedAtMs ?? from), to: toInstant(this.nowMs) } }]]);
    }
  }

  /** As the activation service: counts of all arrivals at once, tokens drawn on in order. */
  activations(asked: readonly Asked[]): void {
    const { head, recordedAtMs: nowMs, host } = this;
    const judge = judgeEnrolments(this.enrolment, nowMs);
    const posed = asked.map(({ machine, product = 'acme.workstation', virtual = false, enrolment, cited = false }) => {
      const citedLease = cited ? digestOf(7) : null;
      const contentDigest = sha256Of(canonicalJson({ kind: 'activation', product, virtual, citedLease, evidence: null, ...(enrolment === undefined ? {} : { enrolment }) }));
      const request: RequestActivation = {
        ...{ machine: machineId(machine), requestId: uuidOf(1), product, virtual, citedLease, audience: null, issuedAt: toNumericDate(nowMs) },
        ...{ contentDigest, enrolment, hostname: '', address: null },
      };
      const draws = { leaseId: this.#draws.leaseId(), spread: this.#draws.spread() };
      const screened = screenRequest(request, host, { nowMs, clockMs: nowMs });
      const standing = screened.status === 'countable' ? judge(request, screened.pool) : undefined;
      const isCountable = screened.status === 'countable' && standing?.status !== 'rejected';
      const arrival: Arrival | undefined = isCountable ? { pool: screened.pool.name, machine: request.machine, virtual, ...(standing?.status === 'not-counted' ? { counted: false } : {}) } : undefined;
      return { request, draws, standing, arrival };
    });
    const counts = tally(this.counts, posed.flatMap(({ arrival }) => arrival ?? []), nowMs);
    let counted = 0;
    const groups = posed.flatMap(({ request, draws, standing, arrival }) => {
      if (standing?.status === 'rejected') return [];
      const decision = decideActivation(request, host, { head, nowMs, clockMs: nowMs, counts: arrival === undefined ? undefined : counts[counted++], draws, standing: standing as Standing | undefined });
      return decision.status === 'rejected' ? [] : [decision.events];
    });
    this.record(groups);
  }

  #presented(machine: number, product: string, elsewhere: boolean): { readonly held: HeldLease | undefined; readonly presented: PresentedLease & { readonly leaseId: string } } {
    const held = heldBy(this.leases, machineId(machine), product);
    const leaseId = elsewhere ? uuidOf(99) : (held?.leaseId ?? uuidOf(98));
    const times = { issuedAt: toNumericDate(held?.issuedAtMs ?? this.nowMs), expiresAt: toNumericDate(held?.expiresAtMs ?? this.nowMs + DAY_SECONDS * SECOND_MS) };
    return { held, presented: { status: 'genuine', digest: digestOf(9), leaseId, host: elsewhere ? digestOf(5) : HOST, organisation: 'example', machine: machineId(machine), product, ...times } };
  }

  /** As the lease service: a machine whose leases are ended has no other command in the round. */
  leaseRound(asked: readonly LeaseAsked[]): void {
    const { head, recordedAtMs: nowMs } = this;
    const state = { host: this.host, leases: this.leases };
    const { machines: enrolled } = this.enrolment;
    const touched = new Map<number, 'renewed' | 'ended'>();
    let scans = 0;
    const taken = asked.filter((command) => {
      if (command.kind === 'expire') return (scans += 1) === 1;
      const before = touched.get(command.machine);
      if (before === 'ended' || (before !== undefined && command.kind !== 'renew')) return false;
      touched.set(command.machine, command.kind === 'renew' ? 'renewed' : 'ended');
      return true;
    });
    const posed = taken.map((command) => {
      if (command.kind !== 'renew') return { command };
      const { presented } = this.#presented(command.machine, command.product ?? 'acme.workstation', command.elsewhere === true);
      const issuedAt = toNumericDate(nowMs);
      const request = {
        ...{ machine: machineId(command.machine), requestId: uuidOf(1), leaseId: presented.leaseId, audience: null, issuedAt, virtual: command.virtual },
        contentDigest: sha256Of(canonicalJson({ kind: 'renewal', virtual: command.virtual, citedLease: presented.digest, evidence: null })),
        ...{ drawnFor: command.punctual ? issuedAt : null, presented },
      };
      const draws = { leaseId: this.#draws.leaseId(), spread: this.#draws.spread() };
      const screened = screenRenewal(request, state, { nowMs, clockMs: nowMs, spread: draws.spread });
      if (screened.status !== 'countable') return { command, request, draws };
      const isCounted = countingStandingOf(request.machine, screened.pool, enrolled).status !== 'not-counted';
      return { command, request, draws, arrival: { pool: screened.pool.name, machine: request.machine, virtual: command.virtual, ...(isCounted ? {} : { counted: false as const }) } };
    });
    const counts = tally(this.counts, posed.flatMap(({ arrival }) => arrival ?? []), nowMs);
    let counted = 0;
    const context = { head, nowMs, clockMs: nowMs };
    const groups = posed.flatMap(({ command, request, draws, arrival }): readonly (readonly DomainEvent[])[] => {
      if (request !== undefined) {
        const decision = decideRenewal(request, state, { ...context, counts: arrival === undefined ? undefined : counts[counted++], draws, enrolled });
        return decision.status === 'rejected' ? [] : [decision.events];
      }
      if (command.kind === 'expire') return decideExpiries(state, context, 16).map((event) => [event]);
      const machine = machineId((command as Exclude<LeaseAsked, { readonly kind: 'expire' }>).machine);
      if (command.kind === 'retire') {
        const retirement = decideRetirement({ machine, reason: 'lost' }, state, { ...context, isKnown: this.#known.has(machine) });
        return retirement.status === 'rejected' ? [] : [retirement.events];
      }
      const { held, presented } = this.#presented((command as { readonly machine: number }).machine, 'acme.workstation', false);
      if (held === undefined) return [];
      const release = { machine, requestId: uuidOf(1), leaseId: held.leaseId, audience: null, issuedAt: toNumericDate(nowMs), contentDigest: digestOf(8), presented };
      const decision = command.kind === 'force' ? decideForceRelease({ leaseId: held.leaseId, reason: command.reason }, state, context) : decideRelease(release, state, context);
      return decision.status === 'rejected' ? [] : [decision.events];
    });
    this.record(groups);
  }
}
