import type { HardwareEvidence } from '@muster/contracts';
import { isSameHardware } from '@muster/contracts';
import type { HeldPermanentLease, PermanentState } from './permanent-state.js';

/** Whether the lease still stands on the machine that it was drawn for. Where nothing could be read then, there is nothing to hold against it. */
export const standsOn = ({ hardware: known }: Pick<HeldPermanentLease, 'hardware'>, shown: HardwareEvidence): boolean =>
  Object.values(known).every((part) => part === undefined) || isSameHardware(known, shown);

/** The permanent lease that the product works by; null when there is none, the method is another, or the machine is. */
export const leaseInUse = ({ method, lease }: PermanentState, hardware: HardwareEvidence): HeldPermanentLease | null =>
  method === 'multiple' && lease !== null && standsOn(lease, hardware) ? lease : null;

/** Whether the machine is to draw from the key that is installed: it holds no lease of it, or one of what was another machine. */
export const wantsLease = (state: PermanentState, hardware: HardwareEvidence): boolean => {
  const { key, method } = state;
  if (method !== 'multiple' || key === null) return false;
  const lease = leaseInUse(state, hardware);
  return lease === null || lease.keyId !== key.keyId;
};
