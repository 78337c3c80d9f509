import type { HostCertificateClaims, HostDescription } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import { certificateStandingAt, DEVELOPMENT_VENDOR } from '@muster/trust';
import { dateOf } from '../../terminal/words.js';

/** Where a certificate stands; past its end it still serves renewals for the grace that it states. */
export const standingWords = (claims: HostCertificateClaims, nowMs: number): string => {
  const standing = certificateStandingAt(claims, nowMs);
  const graceEnd = claims.exp + claims.renewalGraceSeconds;
  if (standing !== 'expired') return standing.replaceAll('-', ' ');
  return nowMs < graceEnd * SECOND_MS ? `LAPSED: renewals alone are served, until ${dateOf(graceEnd)}; activate the host again` : 'ENDED: nobody is served; activate the host again';
};

const certificateLines = ({ claims }: HostDescription, nowMs: number): readonly string[] => {
  if (claims === null) return ['certificate   none: this host is not activated yet'];
  const development = claims.iss === DEVELOPMENT_VENDOR ? ' (for development)' : '';
  return [
    `organisation  ${claims.organisation}`,
    `certificate   ${standingWords(claims, nowMs)}, ${dateOf(claims.nbf)} to ${dateOf(claims.exp)}, signed by ${claims.iss}${development}`,
  ];
};

const signingKeyLine = ({ host, signingKey, announcedKeys }: HostDescription): readonly string[] => {
  if (signingKey === null) return [];
  const announced = announcedKeys.length === 0 ? '' : `; announced: ${announcedKeys.join(', ')}`;
  return [`signing key   ${signingKey === host ? 'the host key itself' : `${signingKey}, vouched for by the host key`}${announced}`];
};

/** Who vouches for the host, for how long, and which keys are in use. */
export const trustLines = (host: HostDescription, nowMs: number): readonly string[] => [
  `host          ${host.host ?? 'not activated'}${host.status === 'retired' ? ' (RETIRED: it serves nobody)' : ''}`,
  ...certificateLines(host, nowMs),
  ...(host.hostKey === null ? [] : [`host key      ends in ${host.hostKey.keyEnding}`]),
  ...signingKeyLine(host),
  ...(host.revocationSequence === 0 ? [] : [`revocations   list ${host.revocationSequence} of the vendor`]),
];
