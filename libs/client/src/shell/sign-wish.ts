import { toNumericDate } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { digestOf, signActivationRequest, signReleaseRequest, signRenewalRequest } from '@muster/trust';
import type { HeldLease, Wish } from '../core/machine-state.js';
import type { WireRequest } from './ports.js';
import type { Shown } from './shown.js';

export interface SignOptions {
  readonly key: SigningKey;
  readonly product: string;
  readonly nowMs: number;
  readonly machine: { readonly hostname: string; readonly virtual: boolean };
  readonly shown: Shown;
}

const tokenOf = (lease: HeldLease | null): string => {
  if (lease === null) throw new Error('there is no lease to renew or release');
  return lease.token;
};

/** Signs the request under the wish's id as of now: the id stays, the moment is that of each sending. */
const signed = (wish: Wish, { key, product, nowMs, machine, shown: { evidence, enrolment } }: SignOptions): Promise<string> => {
  const { kind, requestId: jti, lease, drawnForMs } = wish;
  const iat = toNumericDate(nowMs);
  switch (kind) {
    case 'activation':
      return signActivationRequest({
        key,
        payload: {
          ...{ jti, iat, product, machine },
          ...(lease === null ? {} : { lease: digestOf(lease.token) }),
          ...(evidence === undefined ? {} : { evidence: [...evidence] }),
          ...(enrolment === undefined ? {} : { enrolment }),
        },
      });
    case 'renewal':
      return signRenewalRequest({ key, payload: { jti, iat, lease: tokenOf(lease), machine, ...(drawnForMs === null ? {} : { drawnFor: toNumericDate(drawnForMs) }) } });
    case 'release':
      return signReleaseRequest({ key, payload: { jti, iat, lease: tokenOf(lease) } });
    default:
      return kind satisfies never;
  }
};

export const signWish = async (wish: Wish, options: SignOptions): Promise<WireRequest> => ({
  kind: wish.kind,
  leaseId: wish.kind === 'activation' ? null : (wish.lease?.leaseId ?? null),
  jws: await signed(wish, options),
});
