import type { HostAddress, Reply } from '@muster/client';
import type { DomainEvent, HostCertificateClaims } from '@muster/contracts';
import { typedColumnsOf } from '@muster/contracts';
import type { ActivationDecision, ActiveLeases, CertificateInForce, CountingState, HostState, Screened } from '@muster/domain';
import { applyLeaseEvent, applyPolicies, applyRow, emptyActiveLeases, hostFold, initialCountingState, screenRenewal, screenRequest } from '@muster/domain';
import type { Draws } from '@muster/kernel';
import type { Identity } from '../fleet/identity.js';
import { AnsweredRequests } from './answered-requests.js';
import type { HostRules } from './host-rules.js';
import type { Asking } from './requests.js';
import { activationOf, renewalOf, replyOf, turnedDown } from './requests.js';

/** An event as this host's ledger holds it. */
export interface Recorded {
  readonly position: number;
  readonly recordedAtMs: number;
  readonly event: DomainEvent;
}

export interface SimulatedHostParts {
  readonly name: HostAddress;
  readonly certificate: CertificateInForce;
  readonly rules: HostRules;
  readonly draws: Draws;
  readonly onRecorded: (recorded: Recorded) => void;
}

interface Posed {
  readonly screened: Screened;
  readonly decide: (context: Parameters<HostRules['decideActivation']>[2]) => ActivationDecision;
}

/** As the expiry scanner takes them: a bounded batch, then the next. */
const EXPIRIES_AT_ONCE = 500;

/** A host on a ledger of its own: decides with the domain's functions as of its head, records, then answers. Nothing is signed. */
export class SimulatedHost {
  readonly name: HostAddress;
  readonly claims: HostCertificateClaims;
  readonly counting: CountingState = initialCountingState();
  readonly leases: ActiveLeases = emptyActiveLeases();
  readonly #parts: SimulatedHostParts;
  readonly #host: HostState;
  readonly #answered = new AnsweredRequests<Reply>();
  #head = 1;
  #recordedAtMs = 0;

  constructor(parts: SimulatedHostParts) {
    const { jws, digest, claims } = parts.certificate;
    this.name = parts.name;
    this.claims = claims;
    this.#parts = parts;
    this.#host = hostFold.evolve(hostFold.initialState(), { type: 'HostActivated', data: { host: claims.sub, certificate: jws, certificateDigest: digest, claims } });
    applyPolicies(this.counting, claims, 0);
  }

  get head(): number {
    return this.#head;
  }

  /** Answers a request as the services would. A request id that is known gets its outcome again. */
  ask(asking: Asking): Reply {
    return this.#answered.get(asking.wish.requestId) ?? this.#decide(asking);
  }

  /** Records which leases ran out since the last time. */
  expire(nowMs: number): void {
    for (;;) {
      const events = this.#parts.rules.decideExpiries({ leases: this.leases }, { head: this.#head, nowMs }, EXPIRIES_AT_ONCE);
      for (const event of events) this.#record(event, nowMs);
      if (events.length < EXPIRIES_AT_ONCE) return;
    }
  }

  /** An administrator takes the old identity of a re-imaged machine out. */
  retire({ id }: Identity, nowMs: number): void {
    const isKnown = [...this.counting.values()].some(({ live, aged }) => (live.get(id) ?? aged.get(id)) !== undefined);
    const decision = this.#parts.rules.decideRetirement({ machine: id, reason: 'reimaged' }, { host: this.#host, leases: this.leases }, { head: this.#head, nowMs, isKnown });
    if (decision.status === 'recorded') for (const event of decision.events) this.#record(event, nowMs);
  }

  #pose(asking: Asking, { nowMs, spread }: { readonly nowMs: number; readonly spread: number }): Posed {
    const { rules } = this.#parts;
    const { wish } = asking;
    if (wish.kind === 'renewal' && wish.lease !== null) {
      const request = renewalOf(asking, { lease: wish.lease, organisation: this.claims.organisation });
      const state = { host: this.#host, leases: this.leases };
      return { screened: screenRenewal(request, state, { nowMs, clockMs: nowMs, spread }), decide: (context) => rules.decideRenewal(request, state, context) };
    }
    const request = activationOf(asking);
    return { screened: screenRequest(request, this.#host, { nowMs, clockMs: nowMs }), decide: (context) => rules.decideActivation(request, this.#host, context) };
  }

  #decide(asking: Asking): Reply {
    const { rules, draws } = this.#parts;
    const nowMs = Math.max(this.#recordedAtMs, asking.nowMs);
    const { id: machine, virtual } = asking.identity;
    const drawn = { leaseId: draws.uuid(), spread: draws.unit() };
    const { screened, decide } = this.#pose(asking, { nowMs, spread: drawn.spread });
    const [counts] = screened.status === 'countable' ? rules.tally(this.counting, [{ pool: screened.pool.name, machine, virtual }], nowMs) : [];
    const decision = decide({ head: this.#head, nowMs, clockMs: nowMs, counts, draws: drawn });
    if (decision.status === 'rejected') return turnedDown(decision);
    for (const event of decision.events) this.#record(event, nowMs);
    const reply = replyOf(decision.events[1], nowMs);
    this.#answered.add(asking.wish.requestId, reply, nowMs);
    return reply;
  }

  #record(event: DomainEvent, nowMs: number): void {
    this.#head += 1;
    this.#recordedAtMs = Math.max(this.#recordedAtMs, nowMs);
    const recorded = { position: this.#head, recordedAtMs: this.#recordedAtMs, event };
    applyRow(this.counting, { recordedAtMs: recorded.recordedAtMs, ...typedColumnsOf(event) });
    applyLeaseEvent(this.leases, recorded);
    this.#parts.onRecorded(recorded);
  }
}
