import type { ProblemKind } from '@muster/kernel';
import { Problem, systemDraws } from '@muster/kernel';

/** Over how many seconds those who are turned away together are spread when they come back. */
const SPREAD_SECONDS = 5;

/**
 * Turns a request away until later, each to a moment of its own: those who came at once are not to come back at once.
 *
 * @param unit uniform in [0, 1)
 */
export const turnedAway = (kind: Extract<ProblemKind, 'rate-limited' | 'overloaded'>, detail: string, { afterSeconds = 0, unit = systemDraws.unit() } = {}): Problem =>
  new Problem(kind, detail, { retryAfterSeconds: Math.ceil(afterSeconds) + 1 + Math.floor(unit * SPREAD_SECONDS) });
