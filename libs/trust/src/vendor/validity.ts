import { MINUTE_SECONDS, toNumericDate } from '@muster/kernel';

/** History stays verifiable after its certificates end; whoever judges the present must say at which moment. */
export type At = number | 'any-time';

export type CertificateStanding = 'valid' | 'not-yet-valid' | 'expired';

/** A clock that runs a little behind must not find a certificate of today not valid yet. */
export const BACKDATED_SECONDS = 5 * MINUTE_SECONDS;

/** Valid from `nbf` on and before `exp`. */
export const certificateStandingAt = ({ nbf, exp }: { readonly nbf: number; readonly exp: number }, atMs: number): CertificateStanding => {
  const at = toNumericDate(atMs);
  if (at < nbf) return 'not-yet-valid';
  return at < exp ? 'valid' : 'expired';
};

/** The validity within which a host may still renew what it granted, and be known as the host that it was (DESIGN section 5). */
export const withRenewalGrace = ({ nbf, exp, renewalGraceSeconds }: { readonly nbf: number; readonly exp: number; readonly renewalGraceSeconds: number }) => ({ nbf, exp: exp + renewalGraceSeconds });
