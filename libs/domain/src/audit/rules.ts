import { decideCreateAccessToken, decideRevokeAccessToken } from '../access/access-tokens.decide.js';
import { RULES_VERSION } from '../activation/outcome-events.js';
import { decideActivation } from '../activation/request-activation.decide.js';
import { screenRequest } from '../activation/screen-request.rule.js';
import { tally } from '../counting/tally.js';
import { decideDnsOrder, decideTakeOver } from '../dns/dns-orders.decide.js';
import { decideCreateToken, decideRevokeToken } from '../enrolment/enrolment-tokens.decide.js';
import { judgeEnrolments } from '../enrolment/standing.rule.js';
import { decideCertificateAtStart, decideConfirmation, decideInstallKey, decideInstallRevocations, decideRetireHost } from '../hosts/host-acts.decide.js';
import { decideAnnounceKey, decideChangeKey } from '../hosts/rotate-key.decide.js';
import { decideExpiries, decideForceRelease, decideRelease, decideRetirement } from '../leases/end-leases.decide.js';
import { decideProxyConfirmation } from '../proxy/confirm-proxy.decide.js';
import { decideProxyRequest } from '../proxy/request-proxy.decide.js';
import { decideRenewal, screenRenewal } from '../renewal/renew-lease.decide.js';

/** The functions that decided, as the services call them: those of production, unless a test or a what-if asks what others would have decided. */
export interface Rules {
  /** Decisions of an older version may differ for a reason. */
  readonly version: number;
  readonly screenRequest: typeof screenRequest;
  readonly judgeEnrolments: typeof judgeEnrolments;
  readonly tally: typeof tally;
  readonly decideActivation: typeof decideActivation;
  readonly screenRenewal: typeof screenRenewal;
  readonly decideRenewal: typeof decideRenewal;
  readonly decideRelease: typeof decideRelease;
  readonly decideForceRelease: typeof decideForceRelease;
  readonly decideRetirement: typeof decideRetirement;
  readonly decideExpiries: typeof decideExpiries;
  readonly decideCertificateAtStart: typeof decideCertificateAtStart;
  readonly decideConfirmation: typeof decideConfirmation;
  readonly decideInstallKey: typeof decideInstallKey;
  readonly decideInstallRevocations: typeof decideInstallRevocations;
  readonly decideRetireHost: typeof decideRetireHost;
  readonly decideAnnounceKey: typeof decideAnnounceKey;
  readonly decideChangeKey: typeof decideChangeKey;
  readonly decideProxyRequest: typeof decideProxyRequest;
  readonly decideProxyConfirmation: typeof decideProxyConfirmation;
  readonly decideCreateAccessToken: typeof decideCreateAccessToken;
  readonly decideRevokeAccessToken: typeof decideRevokeAccessToken;
  readonly decideCreateToken: typeof decideCreateToken;
  readonly decideRevokeToken: typeof decideRevokeToken;
  readonly decideDnsOrder: typeof decideDnsOrder;
  readonly decideTakeOver: typeof decideTakeOver;
}

export const productionRules: Rules = {
  version: RULES_VERSION,
  screenRequest,
  judgeEnrolments,
  tally,
  decideActivation,
  screenRenewal,
  decideRenewal,
  decideRelease,
  decideForceRelease,
  decideRetirement,
  decideExpiries,
  decideCertificateAtStart,
  decideConfirmation,
  decideInstallKey,
  decideInstallRevocations,
  decideRetireHost,
  decideAnnounceKey,
  decideChangeKey,
  decideProxyRequest,
  decideProxyConfirmation,
  decideCreateAccessToken,
  decideRevokeAccessToken,
  decideCreateToken,
  decideRevokeToken,
  decideDnsOrder,
  decideTakeOver,
};
