/**
 * Every request was of a new machine, so the counts in the answers are those of one machine after the other: no two alike and none left
 * out. A doubled or lost decision, or one made from a stale head, shows here. @throws Error saying which
 */
export const checkCounts = (counts: readonly number[]): void => {
  const sorted = Float64Array.from(counts).sort();
  for (const [index, count] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined && count !== before + 1) throw new Error(count === before ? `two machines were both counted as number ${count}` : `no machine was counted as number ${before + 1}`);
  }
};
