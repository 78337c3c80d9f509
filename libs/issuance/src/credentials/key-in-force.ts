import type { HostState } from '@muster/domain';
import { Problem } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';

/**
 * Why this process must not decide, if so: what it cannot sign must not be recorded. Happens while a new key rolls out: another replica recorded its certificate
 * already.
 */
export const keyNotInForce = (host: HostState, key: Pick<SigningKey, 'id'>): Problem | undefined =>
  host.status === 'not-activated' || host.certificate.claims.sub === key.id
    ? undefined
    : new Problem('unavailable', `The certificate in force is for key ${host.certificate.claims.sub}, and this service holds ${key.id}.`);
