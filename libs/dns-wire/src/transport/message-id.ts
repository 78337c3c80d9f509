import type { Draws } from '@muster/kernel';

const IDS = 2 ** 16;

/** A message id that an outsider cannot foresee. */
export const drawMessageId = (draws: Draws): number => Math.floor(draws.unit() * IDS);
