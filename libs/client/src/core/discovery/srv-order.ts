import type { Draws } from '@muster/kernel';
import { shuffled } from '../shuffled.js';

/** One SRV record, as RFC 2782 has it; the target in lower case, without its final dot. */
export interface SrvRecord {
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/**
 * One priority's records in the order in which they are tried: RFC 2782's own algorithm, to the letter. Of the records left, those of weight 0 first, a
 * whole number between 0 and the sum of the weights, both included, picks the first whose running sum reaches it.
 *
 * The text leaves the rest of the order open, and any fixed one favours whoever stands first (of two equal weights 2 : 1); so it is drawn each time.
 */
const byWeight = (records: readonly SrvRecord[], draws: Pick<Draws, 'unit'>): readonly SrvRecord[] => {
  const mixed = shuffled(records, draws);
  const left = [...mixed.filter(({ weight }) => weight === 0), ...mixed.filter(({ weight }) => weight !== 0)];
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + weight, 0);
    const drawn = Math.floor(draws.unit() * (sum + 1));
    let running = 0;
    const picked = left.findIndex(({ weight }) => (running += weight) >= drawn);
    ordered.push(...left.splice(picked, 1));
  }
  return ordered;
};

/** The lowest priority first, and within one as the weights say. */
export const orderRecords = (records: readonly SrvRecord[], draws: Pick<Draws, 'unit'>): readonly SrvRecord[] =>
  [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b).flatMap((one) => byWeight(records.filter(({ priority }) => priority === one), draws));

/** A single record whose target is the root: the service is decidedly not available there (RFC 2782). */
export const isSwitchedOff = (records: readonly SrvRecord[]): boolean => records.length === 1 && records[0]?.target === '';
