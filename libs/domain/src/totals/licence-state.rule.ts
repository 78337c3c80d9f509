import type { LicenceState } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';

/** Left of a lease when the machine tells its user: the client's own default. */
const NOTIFICATION_MS = 30 * DAY_SECONDS * SECOND_MS;

/** Left of a lease, as a share of its length, when somebody should look at the machine: the client's own default. */
const GRACE_SHARE = 0.5;

/**
 * What holding this lease makes of its machine at `nowMs`, as the client's own status has it. A machine may warn earlier or later where its product sets
 * other thresholds; the host cannot know those, and goes by the defaults.
 */
export const licenceStateOf = ({ issuedAtMs, expiresAtMs }: { readonly issuedAtMs: number; readonly expiresAtMs: number }, nowMs: number): Exclude<LicenceState, 'unlicensed'> => {
  if (nowMs >= expiresAtMs) return 'expired';
  if (nowMs >= expiresAtMs - NOTIFICATION_MS) return 'notification';
  return nowMs >= expiresAtMs - Math.floor((expiresAtMs - issuedAtMs) * GRACE_SHARE) ? 'grace' : 'licensed';
};
