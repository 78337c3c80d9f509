/** Longer than a batch under load takes, shorter than a client waits: past it the client is told to come back (503). */
export const DECISION_TIMEOUT_MS = 3000;
