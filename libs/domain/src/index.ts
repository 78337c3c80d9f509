export type { AccessTokenDecision, AccessTokenOrder } from './access/access-tokens.decide.js';
export { decideCreateAccessToken, decideRevokeAccessToken } from './access/access-tokens.decide.js';
export type { AccessToken, AccessTokens } from './access/access-tokens.fold.js';
export { accessTokenEventTypes, applyAccessTokenEvent, emptyAccessTokens, listAccessTokens, tokenByHash, tokenStanding } from './access/access-tokens.fold.js';
export type { ActivationContext, ActivationDecision } from './activation/outcome-events.js';
export { RULES_VERSION } from './activation/outcome-events.js';
export { decideActivation } from './activation/request-activation.decide.js';
export type { DecisionTime, Rejection, Screened } from './activation/screen-request.rule.js';
export { screenRequest } from './activation/screen-request.rule.js';
export { countUnder, meetsThreshold } from './activation/threshold.rule.js';
export type { ActivateHost, HostActivationContext } from './authority/activate-host.decide.js';
export { decideHostActivation, hostRefusalDetail } from './authority/activate-host.decide.js';
export type { AdoptCatalogue, IssueHostKey, IssueMultipleActivationKey, RaiseHostKey, RaiseMultipleActivationKey, RevokeActivationKey } from './authority/administer-keys.decide.js';
export {
  decideCatalogue,
  decideHostKeyIssue,
  decideHostKeyRaise,
  decideKeyRevocation,
  decideMultipleActivationKeyIssue,
  decideMultipleActivationKeyRaise,
} from './authority/administer-keys.decide.js';
export type { AuthorityDecision } from './authority/authority.decision.js';
export type { AdoptedCatalogue, AuthorityState, HostKey, MultipleActivationKey, Revocations as VendorRevocations } from './authority/authority.fold.js';
export { applyToAuthority, authorityEventTypes, draftOf, initialAuthority } from './authority/authority.fold.js';
export type { DrawActivation } from './authority/draw-activation.decide.js';
export { decideDraw, drawRefusalDetail } from './authority/draw-activation.decide.js';
export { hostKeyEntry, listKeys, multipleActivationKeyEntry } from './authority/list-keys.js';
export type { Revoke } from './authority/revoke.decide.js';
export { decideVendorRevocation } from './authority/revoke.decide.js';
export type { CountedRow, CountingState } from './counting/counting.fold.js';
export { applyPolicies, applyRow, initialCountingState } from './counting/counting.fold.js';
export { decodeCountingState, encodeCountingState } from './counting/counting.snapshot.js';
export { listMachines } from './counting/list-machines.js';
export type { PoolCount } from './counting/pool-count.fold.js';
export { countAt } from './counting/pool-count.fold.js';
export type { Sighting } from './counting/sightings.js';
export type { Arrival } from './counting/tally.js';
export { tally } from './counting/tally.js';
export type { EnrolmentState, KnownEnrolmentToken } from './enrolment/enrolment.fold.js';
export { applyEnrolmentEvent, emptyEnrolment, enrolmentEventTypes } from './enrolment/enrolment.fold.js';
export type { TokenDecision } from './enrolment/enrolment-tokens.decide.js';
export { decideCreateToken, decideRevokeToken, listTokens, tokenEntry } from './enrolment/enrolment-tokens.decide.js';
export { restoreEnrolment, storeEnrolment } from './enrolment/enrolment.snapshot.js';
export type { EnrolmentRequest, Standing } from './enrolment/standing.rule.js';
export { countingStandingOf, judgeEnrolments } from './enrolment/standing.rule.js';
export { coversProduct, findProduct } from './hosts/coverage.rule.js';
export type { ActivatedHost, CertificateInForce, HostState } from './hosts/host.fold.js';
export { hostFold } from './hosts/host.fold.js';
export { wasEverProduction } from './hosts/production.rule.js';
export { restoreHost, storeHost } from './hosts/host.snapshot.js';
export type { ActiveLeases, HeldLease, PlacedEvent } from './leases/active-leases.fold.js';
export { applyLeaseEvent, emptyActiveLeases, expiryLagMs, grantedLastHour, heldBy, leaseById, leasesDue, leasesOf } from './leases/active-leases.fold.js';
export { restoreActiveLeases, storeActiveLeases } from './leases/active-leases.snapshot.js';
export type { EndContext, EndDecision } from './leases/end-leases.decide.js';
export { decideExpiries, decideForceRelease, decideRelease, decideRetirement } from './leases/end-leases.decide.js';
export { listLeases, standingOf } from './leases/list-leases.js';
export type { Qualification } from './qualification/qualify.rule.js';
export { qualify } from './qualification/qualify.rule.js';
export type { GenuineLease, LeaseRequest, PresentedLease } from './renewal/presented-lease.rule.js';
export type { LeaseState, RenewalMoment, RenewalRequest } from './renewal/renew-lease.decide.js';
export { decideRenewal, screenRenewal } from './renewal/renew-lease.decide.js';
export type { Pace, PaceContext } from './renewal/renewal-pace.rule.js';
export { paceRenewal } from './renewal/renewal-pace.rule.js';
export { renewalWindow } from './renewal/renewal-window.rule.js';
export type { ConfirmationDecision, ObtainedLease } from './proxy/confirm-proxy.decide.js';
export { decideProxyConfirmation } from './proxy/confirm-proxy.decide.js';
export { listProxyRequests } from './proxy/list-proxy-requests.js';
export type { ProxyRequest, ProxyRequests } from './proxy/proxy-requests.fold.js';
export { applyProxyEvent, noProxyRequests, proxyEventTypes, proxyRequestOf } from './proxy/proxy-requests.fold.js';
export type { ProxyDecision } from './proxy/request-proxy.decide.js';
export { decideProxyRequest, PROXY_REQUESTS_OPEN_MAX } from './proxy/request-proxy.decide.js';
export { licenceStateOf } from './totals/licence-state.rule.js';
export type { TotalsState } from './totals/request-totals.fold.js';
export { applyToTotals, emptyTotals, totalsOf } from './totals/request-totals.fold.js';
export { restoreTotals, storeTotals } from './totals/request-totals.snapshot.js';
