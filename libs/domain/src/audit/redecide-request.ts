import type { EventOf, RequestActivation } from '@muster/contracts';
import { SECOND_MS, toNumericDate } from '@muster/kernel';
import type { ActivationContext, ActivationDecision } from '../activation/outcome-events.js';
import type { Rejection } from '../activation/screen-request.rule.js';
import type { Arrival } from '../counting/tally.js';
import type { Standing } from '../enrolment/standing.rule.js';
import { countingStandingOf } from '../enrolment/standing.rule.js';
import { heldBy, leaseById } from '../leases/active-leases.fold.js';
import type { GenuineLease } from '../renewal/presented-lease.rule.js';
import type { RenewalRequest } from '../renewal/renew-lease.decide.js';
import type { NotRedecidable } from './audit.types.js';
import type { LedgerState } from './ledger-state.js';
import type { AskedFor } from './content-digest.js';
import { askedFor } from './content-digest.js';
import type { Rules } from './rules.js';
import type { Shape, Unit } from './unit.js';

type RequestShape = Extract<Shape, { readonly kind: 'request' }>;

/** Of the round: what all of its commands were decided from. */
export interface RoundContext {
  readonly state: LedgerState;
  readonly rules: Rules;
  readonly head: number;
  readonly nowMs: number;
  readonly judge: ReturnType<Rules['judgeEnrolments']>;
  readonly digestOf: ((text: string) => string) | undefined;
  /** Machines that enrolled earlier in the round. */
  readonly justEnrolled: Set<string>;
  readonly except: (exception: Omit<NotRedecidable, 'events'>) => void;
}

/** A recorded request as its command: first whether it is counted, then, the counts known, what is decided. */
export interface Posed {
  /** By its digest, where that can be computed. */
  readonly asked?: AskedFor | undefined;
  readonly arrival: Arrival | undefined;
  readonly decide: (counts: ActivationContext['counts']) => ActivationDecision;
}

const ACTOR_MACHINE = 'machine:';

/** The machine that signed: the row has it too, so that an edited body does not speak for itself. */
const machineOf = ([{ row }]: Unit, { requested }: RequestShape): string => (row.actor.startsWith(ACTOR_MACHINE) ? row.actor.slice(ACTOR_MACHINE.length) : requested.data.machine);

/** By the host's clock the moment is known where time went on: `recordedAt` is the later one of the head's and the clock's. */
const clockMsOf = ({ nowMs, state }: RoundContext, issuedAt: number): number => (nowMs > state.recordedAtMs ? nowMs : Math.min(nowMs, issuedAt * SECOND_MS));

const drawsOf = ({ outcome }: RequestShape): ActivationContext['draws'] => {
  switch (outcome.type) {
    case 'ActivationGranted':
    case 'ActivationRenewed':
      return outcome.data.basis.draws;
    case 'ActivationDeferred':
    case 'RenewalDeferred':
      return { leaseId: '', spread: outcome.data.basis.draws.spread };
    case 'ActivationRefused':
      return { leaseId: '', spread: 0 };
  }
};

const contextOf = (shape: RequestShape, round: RoundContext, counts: ActivationContext['counts']): ActivationContext => ({
  head: round.head,
  nowMs: round.nowMs,
  clockMs: clockMsOf(round, shape.requested.data.requestIssuedAt),
  counts,
  draws: drawsOf(shape),
});

const arrivalOf = (pool: string, { machine, virtual }: { readonly machine: string; readonly virtual: boolean }, { status }: Standing): Arrival => ({
  pool,
  machine,
  virtual,
  ...(status === 'not-counted' ? { counted: false } : {}),
});

const keyOf = ({ tokens }: LedgerState['enrolment'], enrolled: EventOf<'MachineEnrolled'>): string => tokens.get(enrolled.data.tokenId)?.key ?? `unknown token ${enrolled.data.tokenId}`;

const poseActivation = (unit: Unit, shape: RequestShape, round: RoundContext): Posed => {
  const { state, rules, judge } = round;
  const { requestIssuedAt: issuedAt, citedLease, contentDigest, product, virtual, evidence } = shape.requested.data;
  const request: RequestActivation = {
    ...{ machine: machineOf(unit, shape), requestId: unit[0].row.requestId ?? '', product, virtual, citedLease, audience: null, issuedAt, contentDigest },
    ...{ evidence, enrolment: shape.enrolled === undefined ? undefined : keyOf(state.enrolment, shape.enrolled), hostname: '', address: null },
  };
  const screened = rules.screenRequest(request, state.host, contextOf(shape, round, undefined));
  const standing: Standing | Rejection | undefined = screened.status === 'countable' ? judge(request, screened.pool) : undefined;
  if (standing?.status === 'rejected') return { arrival: undefined, decide: () => standing };
  const arrival = screened.status === 'countable' && standing !== undefined ? arrivalOf(screened.pool.name, request, standing) : undefined;
  return { arrival, decide: (counts) => rules.decideActivation(request, state.host, { ...contextOf(shape, round, counts), standing }) };
};

const SUPERSEDED = 'a later lease had taken the place of the renewed one, whose times are not kept: taken as running, and past its half';
const FOREIGN = 'the lease that another host had issued is not recorded; taken as running';

/** Past its half at any moment, and running: of a lease whose times nobody knows, nothing is said against it. */
const timesUnknown = (nowMs: number) => ({ issuedAt: 0, expiresAt: toNumericDate(nowMs) + 1 });

const renewedLeaseOf = ({ outcome }: RequestShape): string | undefined => {
  if (outcome.type === 'ActivationRenewed') return outcome.data.renewedLease;
  return outcome.type === 'RenewalDeferred' ? outcome.data.lease : undefined;
};

/** The lease as it must have been presented: this host's own, or one of another host. */
const presentedIn = (unit: Unit, shape: RequestShape, { state, nowMs, except }: RoundContext, issuer: 'here' | 'elsewhere'): GenuineLease => {
  const { requested, outcome } = shape;
  const { host, leases } = state;
  const machine = machineOf(unit, shape);
  const leaseId = renewedLeaseOf(shape) ?? heldBy(leases, machine, requested.data.product)?.leaseId ?? '';
  const held = issuer === 'here' ? leaseById(leases, leaseId) : undefined;
  if (held === undefined) except({ type: outcome.type, part: 'times of the lease presented', reason: issuer === 'here' ? SUPERSEDED : FOREIGN });
  const organisation = host.status === 'not-activated' ? '' : host.certificate.claims.organisation;
  const times = held === undefined ? timesUnknown(nowMs) : { issuedAt: toNumericDate(held.issuedAtMs), expiresAt: toNumericDate(held.expiresAtMs) };
  return {
    ...{ status: 'genuine', digest: requested.data.citedLease ?? '', leaseId, organisation, machine: held?.machine ?? machine, product: held?.product ?? requested.data.product },
    ...{ host: issuer === 'here' && host.status !== 'not-activated' ? host.host : 'another host', ...times },
  };
};

const poseRenewal = (unit: Unit, shape: RequestShape, round: RoundContext, issuer: 'here' | 'elsewhere'): Posed => {
  const { state, rules } = round;
  const { requestIssuedAt: issuedAt, contentDigest, virtual, drawnFor } = shape.requested.data;
  const presented = presentedIn(unit, shape, round, issuer);
  const { leaseId } = presented;
  const request: RenewalRequest = { machine: machineOf(unit, shape), requestId: unit[0].row.requestId ?? '', leaseId, audience: null, issuedAt, contentDigest, virtual, drawnFor: drawnFor ?? null, presented };
  const enrolled = state.enrolment.machines;
  const context = contextOf(shape, round, undefined);
  const screened = rules.screenRenewal(request, state, { nowMs: round.nowMs, clockMs: context.clockMs, spread: context.draws.spread });
  const arrival = screened.status === 'countable' ? arrivalOf(screened.pool.name, request, countingStandingOf(request.machine, screened.pool, enrolled)) : undefined;
  return { arrival, decide: (counts) => rules.decideRenewal(request, state, { ...contextOf(shape, round, counts), enrolled }) };
};

const AMBIGUOUS = 'activation and renewal of another lease leave the same events: read as whichever the outcome follows from';

/** Does the reading lead to a request that is counted where the recorded one was, and refused for the same reason where it was refused? */
const fits = (posed: Posed, { outcome }: RequestShape): boolean => {
  if (outcome.type !== 'ActivationRefused') return posed.arrival !== undefined;
  if (posed.arrival !== undefined) return false;
  const decision = posed.decide(undefined);
  const last = decision.status === 'recorded' ? decision.events.at(-1) : undefined;
  return last?.type === 'ActivationRefused' && last.data.reason === outcome.data.reason;
};

const readings = (unit: Unit, shape: RequestShape, round: RoundContext): Posed => {
  const activation = poseActivation(unit, shape, round);
  const { drawnFor } = shape.requested.data;
  round.except({ type: shape.outcome.type, part: 'what was asked for', reason: AMBIGUOUS });
  return drawnFor === undefined && fits(activation, shape) ? activation : poseRefusable(unit, shape, round, activation);
};

/** A renewal that left the events of an activation: of another host's lease, or refused. */
const poseRefusable = (unit: Unit, shape: RequestShape, round: RoundContext, otherwise?: Posed): Posed => {
  const elsewhere = poseRenewal(unit, shape, round, 'elsewhere');
  if (shape.outcome.type !== 'ActivationRefused' || fits(elsewhere, shape)) return elsewhere;
  const here = poseRenewal(unit, shape, round, 'here');
  return fits(here, shape) ? here : (otherwise ?? here);
};

const poseAs = (unit: Unit, shape: RequestShape, round: RoundContext, asked: AskedFor | undefined): Posed => {
  const { requested, enrolled } = shape;
  if (renewedLeaseOf(shape) !== undefined) return poseRenewal(unit, shape, round, 'here');
  const { citedLease, evidence } = requested.data;
  if (asked === 'renewal') return poseRefusable(unit, shape, round);
  const isActivation = asked === 'activation' || citedLease === null || evidence !== undefined || enrolled !== undefined;
  return isActivation ? poseActivation(unit, shape, round) : readings(unit, shape, round);
};

const TOKEN = 'the digest is not of what is recorded alone: a token that was presented and not drawn on is not recorded';

/** By the digest, where it can be computed; undefined where it may be of a token too, which is recorded only where it was drawn on. */
const digested = (unit: Unit, shape: RequestShape, { digestOf, state: { enrolment }, justEnrolled, except }: RoundContext): AskedFor | undefined => {
  if (digestOf === undefined) return undefined;
  const asked = askedFor(shape.requested.data, { digestOf, tokenKeys: enrolment.tokenIds.keys() });
  const machine = machineOf(unit, shape);
  const mayHaveToken = shape.outcome.type === 'ActivationRefused' || enrolment.machines.has(machine) || justEnrolled.has(machine);
  if (asked !== 'neither' || !mayHaveToken) return asked;
  except({ type: 'ActivationRequested', part: 'contentDigest', reason: TOKEN });
  return undefined;
};

/** What was asked, told by what is recorded; where that is not enough, the first reading that the outcome follows from. */
export const poseRequest = (unit: Unit, shape: RequestShape, round: RoundContext): Posed => {
  const asked = digested(unit, shape, round);
  if (shape.enrolled !== undefined) round.justEnrolled.add(machineOf(unit, shape));
  return { ...poseAs(unit, shape, round, asked), asked };
};
