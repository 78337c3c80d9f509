/**
 * The ratio of two subjects, round by round: both of a round ran within seconds of each other, so what disturbed the machine meanwhile
 * disturbed both. @throws Error when the rounds are not pairs
 */
export const roundRatios = (of: readonly number[], against: readonly number[]): readonly number[] => {
  if (of.length !== against.length) throw new Error(`${of.length} rounds against ${against.length}`);
  return of.map((value, round) => value / (against[round] ?? Number.NaN));
};
