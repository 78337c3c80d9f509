/** What the process ends with; scripts branch on these, so they never change their meaning. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  authentication: 4,
  /** Something is in the way of it: taken, in use, used before, retired. */
  conflict: 5,
  /** Below the threshold, or no valid lease. */
  notActivated: 6,
  /** No answer, or none in time. */
  unreachable: 7,
  /** It ran to its end and found something wrong. */
  findings: 8,
  interrupted: 130,
} as const;

export type ExitReason = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitReason];
