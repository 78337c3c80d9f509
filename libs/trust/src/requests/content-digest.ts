import { createHash } from 'node:crypto';
import { canonicalJson } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';

/** What an activation is decided by. Not the moment and not the host name: a machine may be renamed between two tries. */
export interface DecidingContent {
  readonly kind: 'activation';
  readonly product: string;
  readonly virtual: boolean;
  /** SHA-256 of the last lease held. */
  readonly citedLease: string | null;
  /** For proofs that a product may ask for besides the key; none is defined yet. */
  readonly evidence: null;
}

/** Base64url SHA-256 over the canonical JSON of what decides: one request id with two of these is a conflict. */
export const contentDigestOf = ({ kind, product, virtual, citedLease, evidence }: DecidingContent): string =>
  createHash('sha256').update(canonicalJson({ kind, product, virtual, citedLease, evidence })).digest('base64url');

export const decidingContentOf = (payload: Pick<ActivationRequestPayload, 'product' | 'machine' | 'lease'>): DecidingContent => ({
  kind: 'activation',
  product: payload.product,
  virtual: payload.machine.virtual,
  citedLease: payload.lease ?? null,
  evidence: null,
});
