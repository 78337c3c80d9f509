/** Where random values come from. Every draw that a decision uses is recorded in its event. */
export interface Draws {
  /** A version 4 UUID (RFC 9562 section 5.4). */
  readonly uuid: () => string;
  /** Uniform in [0, 1), with 32 bits of resolution. */
  readonly unit: () => number;
}

const UNIT_STEPS = 2 ** 32;

export const systemDraws: Draws = {
  uuid: () => globalThis.crypto.randomUUID(),
  unit: () => (globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / UNIT_STEPS,
};
