import type { ActivationWish } from '../activation/activate-machine.js';

export interface WishInput {
  readonly product: string;
  readonly virtual: boolean;
  readonly hostname: string;
  /** SHA-256 of the last lease held. */
  readonly citedLease: string | undefined;
  /** The request whose outcome is not known. */
  readonly pending: ActivationWish | undefined;
  /** Draws a request id. */
  readonly uuid: () => string;
}

/**
 * The request to send: the pending one again, under its id, when it asks for the same; else a new one.
 * A new id for the same would count as a second request; the old id for something else would be a conflict.
 */
export const wishFor = ({ product, virtual, hostname, citedLease, pending, uuid }: WishInput): ActivationWish => {
  const wanted = { product, machine: { hostname, virtual }, ...(citedLease === undefined ? {} : { lease: citedLease }) };
  const repeats = pending?.product === product && pending.machine.virtual === virtual && pending.lease === citedLease;
  return { ...wanted, jti: repeats ? pending.jti : uuid() };
};
