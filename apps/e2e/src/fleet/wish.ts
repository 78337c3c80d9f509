import { randomUUID } from 'node:crypto';
import type { ActivationRequestPayload } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';

export const SERVER = 'acme.server';
export const WORKSTATION = 'acme.workstation';
export const POOL = 'acme';

export type Wish = Pick<ActivationRequestPayload, 'product'> & { readonly virtual?: boolean };

/** A signed request, as its machine keeps it until it is answered. */
export interface SignedWish {
  readonly machine: TestMachine;
  readonly jti: string;
  readonly product: string;
  readonly virtual: boolean;
  readonly jws: string;
}

/** A machine's wish for a product, signed now under a new id; `overrides` replace whole members. */
export const signWish = async (machine: TestMachine, { product, virtual = false }: Wish, overrides: Partial<ActivationRequestPayload> = {}): Promise<SignedWish> => {
  const payload = { jti: randomUUID() as string, iat: toNumericDate(systemClock.nowMs()), product, machine: { hostname: machine.hostname, virtual }, ...overrides };
  return { machine, jti: payload.jti, product: payload.product, virtual: payload.machine.virtual, jws: await machine.sign(payload) };
};
