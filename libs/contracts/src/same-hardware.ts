import type { HardwareEvidence } from './machine-evidence.js';
import { hardwareParts } from './machine-evidence.js';

/** Of the parts known both times at least this share must be as they were: a new disk or a new board is no new machine. */
const EQUAL_SHARE_MIN = 0.5;

/**
 * Whether two looks at a machine's hardware show the same machine: of the parts known in both at least half, and at least one, are equal.
 *
 * The authority goes by it before it draws from an allowance, the machine before it relies on a permanent lease: one rule, so both come to one answer.
 */
export const isSameHardware = (known: HardwareEvidence, shown: HardwareEvidence): boolean => {
  const comparable = hardwareParts.filter((part) => known[part] !== undefined && shown[part] !== undefined);
  const equal = comparable.filter((part) => known[part] === shown[part]);
  return equal.length > 0 && equal.length >= comparable.length * EQUAL_SHARE_MIN;
};
