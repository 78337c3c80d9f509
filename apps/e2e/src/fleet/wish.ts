import { randomUUID } from 'node:crypto';
import type { ActivationRequestPayload } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { systemClock, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { signReleaseRequest, signRenewalRequest } from '@muster/trust';

export const SERVER = 'acme.server';
export const WORKSTATION = 'acme.workstation';
export const POOL = 'acme';

export type Wish = Pick<ActivationRequestPayload, 'product'> & { readonly virtual?: boolean };

/** A signed request, as its machine keeps it until it is answered. */
export interface SignedRequest {
  readonly machine: TestMachine;
  readonly jti: string;
  /** Where it is sent. */
  readonly path: string;
  readonly jws: string;
}

/** One that asks for a lease, new or again. */
export interface SignedWish extends SignedRequest {
  readonly product: string;
  readonly virtual: boolean;
}

/** A machine's wish for a product, signed now under a new id; `overrides` replace whole members. */
export const signWish = async (machine: TestMachine, { product, virtual = false }: Wish, overrides: Partial<ActivationRequestPayload> = {}): Promise<SignedWish> => {
  const payload = { jti: randomUUID() as string, iat: toNumericDate(systemClock.nowMs()), product, machine: { hostname: machine.hostname, virtual }, ...overrides };
  return { machine, jti: payload.jti, path: '/v1/activations', product: payload.product, virtual: payload.machine.virtual, jws: await machine.sign(payload) };
};

/** A lease in a machine's hands. */
export interface Held {
  readonly product: string;
  readonly leaseId: string;
  readonly lease: string;
}

const about = ({ lease }: Held, clock: Clock) => ({ jti: randomUUID() as string, iat: toNumericDate(clock.nowMs()), lease });

/** A physical machine's wish to renew, at the moment that it drew. */
export const signRenewal = async (machine: TestMachine, held: Held, clock: Clock = systemClock): Promise<SignedWish> => {
  const payload = about(held, clock);
  const jws = await signRenewalRequest({ key: machine.key, payload: { ...payload, machine: { hostname: machine.hostname, virtual: false }, drawnFor: payload.iat } });
  return { machine, jti: payload.jti, path: `/v1/leases/${held.leaseId}/renewals`, product: held.product, virtual: false, jws };
};

export const signRelease = async (machine: TestMachine, held: Held, clock: Clock = systemClock): Promise<SignedRequest> => {
  const payload = about(held, clock);
  return { machine, jti: payload.jti, path: `/v1/leases/${held.leaseId}/releases`, jws: await signReleaseRequest({ key: machine.key, payload }) };
};
