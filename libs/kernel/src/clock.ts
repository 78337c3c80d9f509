/** Where time comes from. Milliseconds since the Unix epoch, UTC. */
export interface Clock {
  readonly nowMs: () => number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };
