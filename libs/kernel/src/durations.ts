export const SECOND_MS = 1000;
export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 60 * MINUTE_SECONDS;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** RFC 3339 in UTC with milliseconds, the form of every instant on the wire. */
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString();

/** JOSE's NumericDate (RFC 7519 section 2): whole seconds since the epoch, rounded down. */
export const toNumericDate = (epochMs: number): number => Math.floor(epochMs / SECOND_MS);
