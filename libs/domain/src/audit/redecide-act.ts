import type { DomainEvent, EventOf, HostCertificateClaims } from '@muster/contracts';
import { canonicalJson } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import type { AccessTokenDecision } from '../access/access-tokens.decide.js';
import type { TokenDecision } from '../enrolment/enrolment-tokens.decide.js';
import type { HostActDecision } from '../hosts/host-acts.decide.js';
import type { CertificateInForce } from '../hosts/host.fold.js';
import type { AuditedEvent, Derived } from './audit.types.js';
import type { LedgerState } from './ledger-state.js';
import type { Rules } from './rules.js';
import { bodyOfJws } from './jws-body.js';

/** What an act is decided again from: the state just before it. */
export interface ActContext {
  readonly state: LedgerState;
  readonly rules: Rules;
  /** SHA-256 of a text, base64url; where it is handed in, digests are derived instead of believed. */
  readonly digestOf: ((text: string) => string) | undefined;
}

/** As the store has it: beyond this the ledger's time goes forward only by an operator's recorded word. */
export const TIME_STEP_MS_MAX = 30 * DAY_SECONDS * SECOND_MS;

type Fact<T extends DomainEvent['type']> = EventOf<T>['data'];

const one = (event: DomainEvent): Derived => ({ events: [event] });

const fromHostAct = (decision: HostActDecision): Derived => {
  switch (decision.status) {
    case 'recorded':
      return one(decision.event);
    case 'known':
      return { why: 'known already' };
    case 'rejected':
      return { why: decision.kind };
  }
};

const fromToken = (decision: TokenDecision): Derived => (decision.status === 'rejected' ? { why: decision.kind } : decision.status === 'known' ? { why: 'known already' } : one(decision.event));

const fromAccess = (decision: AccessTokenDecision<'AccessTokenCreated'> | AccessTokenDecision<'AccessTokenRevoked'>): Derived =>
  decision.kind === 'refuse' ? { why: decision.problem.kind } : decision.kind === 'known' ? { why: 'known already' } : one(decision.event);

/** The certificate's own words, where they can be read; whether the vendor signed them is another audit's. */
const certificateOf = ({ certificate: jws, certificateDigest, claims, intermediate }: Fact<'HostActivated'>, { digestOf }: ActContext): CertificateInForce => {
  const said = bodyOfJws(jws);
  const isSame = said === undefined || canonicalJson(said) === canonicalJson(claims);
  return { jws, digest: digestOf?.(jws) ?? certificateDigest, claims: isSame ? claims : (said as HostCertificateClaims), ...(intermediate === undefined ? {} : { intermediate }) };
};

const activated = (data: Fact<'HostActivated'>, actor: string, context: ActContext): Derived => {
  const { rules, state } = context;
  const certificate = certificateOf(data, context);
  return fromHostAct(actor.startsWith('service:') ? rules.decideCertificateAtStart(certificate, state.host) : rules.decideConfirmation(certificate, state.host));
};

const announced = ({ kid, key, delegation }: Fact<'SigningKeyAnnounced'>, { state, rules }: ActContext, nowMs: number): Derived => {
  const said = bodyOfJws(delegation) as { readonly iss?: string; readonly sub?: string; readonly cnf?: { readonly jwk?: { readonly x?: string } } } | undefined;
  const host = said?.iss ?? (state.host.status === 'not-activated' ? '' : state.host.host);
  return fromHostAct(rules.decideAnnounceKey({ kid: said?.sub ?? kid, x: said?.cnf?.jwk?.x ?? key, delegation, host }, state.host, nowMs));
};

const revocations = ({ list, sequence, certificates, keys }: Fact<'RevocationListInstalled'>, { state, rules }: ActContext): Derived => {
  const said = bodyOfJws(list) as Partial<Pick<Fact<'RevocationListInstalled'>, 'sequence' | 'certificates' | 'keys'>> | undefined;
  const installed = { list, sequence: said?.sequence ?? sequence, certificates: new Set(said?.certificates ?? certificates), keys: new Set(said?.keys ?? keys) };
  return fromHostAct(rules.decideInstallRevocations(installed, state.host, 'newer'));
};

const stepped = ({ state }: ActContext, nowMs: number): Derived =>
  state.position > 0 && nowMs - state.recordedAtMs > TIME_STEP_MS_MAX
    ? one({ type: 'TimeStepAccepted', data: { from: toInstant(state.recordedAtMs), to: toInstant(nowMs) } })
    : { why: 'no step of time' };

const secondsUntil = (instant: string, nowMs: number): number => (Date.parse(instant) - nowMs) / SECOND_MS;

const createdToken = (data: Fact<'EnrolmentTokenCreated'>, { state, rules }: ActContext, nowMs: number): Derived => {
  const { tokenId, tokenKey, maximumUses, expiresAt } = data;
  // Orders are in whole seconds.
  const expiresInSeconds = Math.round(secondsUntil(expiresAt, nowMs));
  return fromToken(rules.decideCreateToken({ tokenKey, maximumUses, expiresInSeconds, actor: 'operator:' }, state.enrolment, { tokenId, nowMs }));
};

const createdAccess = ({ tokenId, role, tokenHash, expiresAt }: Fact<'AccessTokenCreated'>, { state, rules }: ActContext, nowMs: number): Derived => {
  const expiresInSeconds = expiresAt === null ? null : Math.round(secondsUntil(expiresAt, nowMs));
  return fromAccess(rules.decideCreateAccessToken({ tokenHash, role, expiresInSeconds }, state.tokens, { nowMs, tokenId }));
};

const proxyRequested = ({ machine, product, request, requestDigest }: Fact<'ProxyActivationRequested'>, { row }: AuditedEvent, { state, rules, digestOf }: ActContext): Derived => {
  // Left by the machine itself: the row says by which.
  const by = row.actor.startsWith('machine:') ? row.actor.slice('machine:'.length) : machine;
  const order = { machine: by, product, request, requestDigest: digestOf?.(request) ?? requestDigest, requestId: row.requestId ?? '', hostname: null, address: null };
  const decision = rules.decideProxyRequest(order, { host: state.host, requests: state.proxies, usedBefore: false });
  return decision.status === 'recorded' ? one(decision.event) : { why: decision.status === 'rejected' ? decision.kind : 'known already' };
};

const proxyConfirmed = ({ machine, product, leaseId, lease }: Fact<'ProxyActivationConfirmed'>, { state, rules }: ActContext): Derived => {
  const said = bodyOfJws(lease) as { readonly jti?: string } | undefined;
  const decision = rules.decideProxyConfirmation({ machine, product, leaseId: said?.jti ?? leaseId, lease }, state.proxies);
  return decision.status === 'recorded' ? one(decision.event) : { why: decision.status === 'known' ? 'known already' : decision.status };
};

const tokenAct = (event: EventOf<'EnrolmentTokenCreated' | 'EnrolmentTokenRevoked' | 'AccessTokenCreated' | 'AccessTokenRevoked'>, context: ActContext, nowMs: number): Derived => {
  const { state, rules } = context;
  switch (event.type) {
    case 'EnrolmentTokenCreated':
      return createdToken(event.data, context, nowMs);
    case 'EnrolmentTokenRevoked':
      return fromToken(rules.decideRevokeToken({ tokenId: event.data.tokenId, actor: 'operator:' }, state.enrolment));
    case 'AccessTokenCreated':
      return createdAccess(event.data, context, nowMs);
    case 'AccessTokenRevoked':
      return fromAccess(rules.decideRevokeAccessToken(event.data.tokenId, state.tokens));
  }
};

/** Decides again what an administrator or a start did, as of the position before it; undefined for what is not decided here. */
export const redecideAct = (audited: AuditedEvent, context: ActContext): Derived | undefined => {
  const { event, row } = audited;
  const { state, rules, digestOf } = context;
  const nowMs = row.recordedAtMs;
  switch (event.type) {
    case 'HostActivated':
      return activated(event.data, row.actor, context);
    case 'HostKeyInstalled':
      return fromHostAct(rules.decideInstallKey({ ...event.data, policiesDigest: digestOf?.(event.data.policies) ?? event.data.policiesDigest }, state.host));
    case 'HostRetired':
      return state.host.status === 'not-activated' ? { why: 'host-not-activated' } : fromHostAct(rules.decideRetireHost(event.data.reason, state.host));
    case 'SigningKeyAnnounced':
      return announced(event.data, context, nowMs);
    case 'SigningKeyChanged':
      return fromHostAct(rules.decideChangeKey(event.data, state.host, nowMs));
    case 'RevocationListInstalled':
      return revocations(event.data, context);
    case 'TimeStepAccepted':
      return stepped(context, nowMs);
    case 'ProxyActivationRequested':
      return proxyRequested(event.data, audited, context);
    case 'ProxyActivationConfirmed':
      return proxyConfirmed(event.data, context);
    case 'EnrolmentTokenCreated':
    case 'EnrolmentTokenRevoked':
    case 'AccessTokenCreated':
    case 'AccessTokenRevoked':
      return tokenAct(event, context, nowMs);
    default:
      return undefined;
  }
};
