import { createHash } from 'node:crypto';
import { canonicalJson } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';

/** What an activation is decided by. Not the moment and not the host name: a machine may be renamed between two tries. */
export interface ActivationContent {
  readonly kind: 'activation';
  readonly product: string;
  readonly virtual: boolean;
  /** SHA-256 of the last lease held. */
  readonly citedLease: string | null;
  /** For proofs that a product may ask for besides the key; none is defined yet. */
  readonly evidence: null;
}

/** What a renewal is decided by: the product is the lease's. */
export interface RenewalContent {
  readonly kind: 'renewal';
  readonly virtual: boolean;
  readonly citedLease: string;
  readonly evidence: null;
}

export interface ReleaseContent {
  readonly kind: 'release';
  readonly citedLease: string;
}

export type DecidingContent = ActivationContent | RenewalContent | ReleaseContent;

/** Exactly the members that decide, whatever else the object carries. */
const decidingMembersOf = (content: DecidingContent): DecidingContent => {
  switch (content.kind) {
    case 'activation': {
      const { kind, product, virtual, citedLease, evidence } = content;
      return { kind, product, virtual, citedLease, evidence };
    }
    case 'renewal': {
      const { kind, virtual, citedLease, evidence } = content;
      return { kind, virtual, citedLease, evidence };
    }
    case 'release': {
      const { kind, citedLease } = content;
      return { kind, citedLease };
    }
    default:
      return content satisfies never;
  }
};

/** Base64url SHA-256 over the canonical JSON of what decides: one request id with two of these is a conflict. */
export const contentDigestOf = (content: DecidingContent): string => createHash('sha256').update(canonicalJson(decidingMembersOf(content))).digest('base64url');

export const decidingContentOf = (payload: Pick<ActivationRequestPayload, 'product' | 'machine' | 'lease'>): ActivationContent => ({
  kind: 'activation',
  product: payload.product,
  virtual: payload.machine.virtual,
  citedLease: payload.lease ?? null,
  evidence: null,
});
