import type { ActivatedHost, HostState } from '@muster/domain';
import type { Problem } from '@muster/kernel';
import { SECOND_MS, toInstant } from '@muster/kernel';
import type { CheckResult } from '@muster/service';

/** Long enough to activate a host again, by telephone if need be: of a year some five weeks. */
const ENDS_SOON_SHARE = 1 / 10;

/** Words that programs may look for at the beginning of a check's detail. */
const wordOf = ({ kind }: Problem): string => {
  switch (kind) {
    case 'host-certificate-not-valid':
      return 'certificate-refused';
    case 'host-revoked':
      return 'revoked';
    default:
      return 'signing-key-missing';
  }
};

const warn = (word: string, detail: string): CheckResult => ({ status: 'warn', detail: `${word}: ${detail}` });

const certificateStanding = ({ host, status, certificate: { claims } }: ActivatedHost, nowMs: number): CheckResult => {
  const [fromMs, endMs] = [claims.nbf * SECOND_MS, claims.exp * SECOND_MS];
  const graceMs = endMs + claims.renewalGraceSeconds * SECOND_MS;
  if (nowMs < fromMs) return warn('certificate-not-yet-valid', `it begins at ${toInstant(fromMs)}`);
  if (nowMs >= graceMs) return warn('certificate-ended', `at ${toInstant(endMs)}, and its grace for renewals at ${toInstant(graceMs)}: nobody is served. Activate the host again`);
  if (nowMs >= endMs) return warn('certificate-lapsed', `it ended at ${toInstant(endMs)}; renewals alone are served, until ${toInstant(graceMs)}. Activate the host again`);
  if (nowMs >= endMs - (endMs - fromMs) * ENDS_SOON_SHARE) return warn('certificate-ends-soon', `at ${toInstant(endMs)}. Activate the host again`);
  return { status: 'up', detail: `host ${host} is ${status}` };
};

export interface StandingParts {
  readonly host: HostState;
  readonly objection: Problem | undefined;
  readonly nowMs: number;
  /** A certificate is about to be recorded by this process or another one: until then nothing is ready. */
  readonly expectsCertificate: boolean;
}

/** Whether this process can decide for the host, and what an administrator should know of it. */
export const hostStanding = ({ host, objection, nowMs, expectsCertificate }: StandingParts): CheckResult => {
  if (objection !== undefined) return { status: 'down', detail: `${wordOf(objection)}: ${objection.detail}` };
  if (host.status === 'not-activated') return expectsCertificate ? { status: 'down', detail: 'no certificate recorded yet' } : warn('not-activated', 'install a host key and activate the host; until then every request is turned away');
  return host.status === 'retired' ? warn('retired', `host ${host.host} serves nobody any more`) : certificateStanding(host, nowMs);
};
