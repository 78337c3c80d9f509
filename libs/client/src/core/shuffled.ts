import type { Draws } from '@muster/kernel';

/** Fisher and Yates. */
export const shuffled = <T>(values: readonly T[], draws: Pick<Draws, 'unit'>): readonly T[] => {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(draws.unit() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
};
