export type { Clock } from './clock.js';
export { systemClock } from './clock.js';
export type { Decider, Fold } from './decider.js';
export type { Draws } from './draws.js';
export { systemDraws } from './draws.js';
export { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SECOND_MS, toInstant, toNumericDate } from './durations.js';
export type { ProblemExtensions, ProblemKind, ProblemOptions } from './problem.js';
export { isProblem, isProblemKind, Problem, problemCatalogue } from './problem.js';
