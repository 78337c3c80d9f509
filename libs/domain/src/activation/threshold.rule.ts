import type { PoolCounts, PoolPolicy } from '@muster/contracts';

/**
 * What a threshold is compared with: distinct physical machines of the pool, and virtual ones only where the vendor's policy says so (S13).
 */
export const countUnder = (policy: Pick<PoolPolicy, 'countVirtualMachines'>, counts: PoolCounts): number =>
  policy.countVirtualMachines ? counts.physical + counts.virtual : counts.physical;

/** The product activates once the count has reached its threshold: the fifth machine, not the sixth (S12). */
export const meetsThreshold = (count: number, threshold: number): boolean => count >= threshold;
