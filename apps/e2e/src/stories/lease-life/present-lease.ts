import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Clock, ProblemKind } from '@muster/kernel';
import { toNumericDate } from '@muster/kernel';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { signRenewalRequest, verifyLease } from '@muster/trust';
import type { HostApi } from '../../host/host-api.js';
import { problemOf } from '../../host/host-api.js';

export interface Presentation {
  readonly api: HostApi;
  readonly root: PublicJwk;
  readonly clock: Clock;
}

/** Presents a lease for renewal under any key, whatever a well-behaved machine would do. */
const present = async ({ api, root, clock }: Presentation, { key, lease }: { readonly key: SigningKey; readonly lease: string }) => {
  const { claims } = await verifyLease(lease, { root, atMs: 'any-time' });
  const payload = { jti: randomUUID(), iat: toNumericDate(clock.nowMs()), lease, machine: { hostname: 'somebody', virtual: false } };
  return api.call(`/v1/leases/${claims.jti}/renewals`, { method: 'POST', headers: { 'content-type': 'application/jose' }, body: await signRenewalRequest({ key, payload }) });
};

/** Each is refused with its own problem, and leaves no trace in the ledger. */
export const assertRefused = async (presentation: Presentation, all: readonly { readonly kind: ProblemKind; readonly key: SigningKey; readonly lease: string }[]): Promise<void> => {
  const head = await presentation.api.head();
  for (const { kind, key, lease } of all) {
    const answer = await present(presentation, { key, lease });
    assert.equal(problemOf(answer).code, kind, answer.text);
  }
  assert.equal(await presentation.api.head(), head, 'the ledger did not move');
};
