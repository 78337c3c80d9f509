import type { EnrolmentProof, FirmwareEvidence } from '@muster/contracts';
import { canonicalJson } from '@muster/contracts';
import { digestOf } from '@muster/trust';

/** What an activation shows besides who asks for what. */
export interface Shown {
  readonly evidence?: FirmwareEvidence;
  readonly enrolment?: EnrolmentProof;
}

/** Tells one such request from another; undefined when nothing is shown. */
export const digestOfShown = ({ evidence, enrolment }: Shown): string | undefined =>
  evidence === undefined && enrolment === undefined ? undefined : digestOf(canonicalJson({ evidence, enrolment: enrolment?.token }));
