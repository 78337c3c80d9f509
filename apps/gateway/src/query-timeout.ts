/** How long a read may take before the client is told that a part is away (503). */
export const QUERY_TIMEOUT_MS = 3000;

/** As-of counts replay up to one snapshot interval; a replay reports progress at least this often. */
export const AS_OF_TIMEOUT_MS = 15_000;
