/** The smallest value that at least `share` (0 to 1) of all values do not exceed: nearest rank. @throws Error when there are no values */
export const percentile = (values: readonly number[] | Float64Array, share: number): number => {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('no values, no percentile');
  return value;
};
