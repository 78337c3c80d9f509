import { createHash } from 'node:crypto';
import { canonicalJson } from '@muster/contracts';
import type { ActivationRequestPayload, FirmwareEvidence } from '@muster/contracts';

/** What an activation is decided by. Not the moment and not the host name: a machine may be renamed between two tries. */
export interface ActivationContent {
  readonly kind: 'activation';
  readonly product: string;
  readonly virtual: boolean;
  /** SHA-256 of the last lease held. */
  readonly citedLease: string | null;
  /** What the firmware says; null where the machine told nothing. */
  readonly evidence: FirmwareEvidence | null;
  /**
   * The public half of the enrolment token; left out without one. It decides whether the machine counts: an outcome that was recorded without it must not
   * be handed to an administrator who has just presented it.
   */
  readonly enrolment?: string;
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
      const { kind, product, virtual, citedLease, evidence, enrolment } = content;
      return { kind, product, virtual, citedLease, evidence, ...(enrolment === undefined ? {} : { enrolment }) };
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

export const decidingContentOf = (payload: Pick<ActivationRequestPayload, 'product' | 'machine' | 'lease' | 'evidence' | 'enrolment'>): ActivationContent => ({
  kind: 'activation',
  product: payload.product,
  virtual: payload.machine.virtual,
  citedLease: payload.lease ?? null,
  evidence: payload.evidence ?? null,
  ...(payload.enrolment === undefined ? {} : { enrolment: payload.enrolment.token }),
});
