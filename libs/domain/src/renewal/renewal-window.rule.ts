import type { RenewalWindow } from '@muster/contracts';

/** Of the renewal interval: a window is one seventh of it wide (a day of the seven), and windows begin over another seventh. */
const WIDTH_SHARE = 1 / 7;

/**
 * When a machine should renew, from the moment its lease was issued. It draws its own moment inside.
 *
 * Machines that were granted in the same minute get windows that begin at different times, so the fleet does not come back as one; every window
 * ends at or before the policy's interval, so a healthy machine never has less left than lease − interval (S16: 173 days).
 *
 * @param spread uniform in [0, 1), recorded with the decision
 */
export const renewalWindow = (renewAfterSeconds: number, spread: number): RenewalWindow => {
  const widthSeconds = Math.floor(renewAfterSeconds * WIDTH_SHARE);
  const closesAfterSeconds = renewAfterSeconds - Math.floor(spread * widthSeconds);
  return { opensAfterSeconds: closesAfterSeconds - widthSeconds, closesAfterSeconds };
};
