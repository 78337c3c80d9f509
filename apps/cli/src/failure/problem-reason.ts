import type { ProblemDocument } from '@muster/contracts';
import type { ProblemKind } from '@muster/kernel';
import { isProblemKind } from '@muster/kernel';
import type { ExitReason } from './exit-codes.js';

const reasons: Readonly<Record<ProblemKind, ExitReason>> = {
  'malformed-request': 'usage',
  'request-too-large': 'usage',
  'unsupported-media-type': 'usage',
  'invalid-as-of': 'usage',
  'method-not-allowed': 'failed',
  'signature-invalid': 'failed',
  internal: 'failed',
  'unknown-product': 'notFound',
  'not-found': 'notFound',
  'lease-unknown': 'notFound',
  'machine-unknown': 'notFound',
  'lease-not-trusted': 'conflict',
  'lease-not-yours': 'conflict',
  'lease-expired': 'conflict',
  'lease-released': 'conflict',
  unauthorized: 'authentication',
  'request-not-fresh': 'conflict',
  'request-id-conflict': 'conflict',
  'wrong-host': 'conflict',
  'product-not-covered': 'conflict',
  'host-retired': 'conflict',
  'host-not-activated': 'conflict',
  'host-certificate-not-valid': 'conflict',
  'qualification-missing': 'conflict',
  'key-misread': 'usage',
  'key-unknown': 'notFound',
  'key-revoked': 'conflict',
  'hosts-exhausted': 'conflict',
  'activations-exhausted': 'conflict',
  'host-revoked': 'conflict',
  'allowance-exhausted': 'conflict',
  'group-not-covered': 'conflict',
  'code-misread': 'usage',
  'host-key-missing': 'conflict',
  'policies-not-valid': 'conflict',
  'confirmation-not-valid': 'conflict',
  'revocations-not-valid': 'conflict',
  'signing-key-not-usable': 'conflict',
  'enrolment-not-valid': 'conflict',
  'endpoint-unknown': 'notFound',
  'endpoint-ambiguous': 'conflict',
  'dns-domain-unknown': 'notFound',
  'dns-not-configured': 'conflict',
  'dns-conflict-unknown': 'conflict',
  'catalogue-not-valid': 'usage',
  forbidden: 'authentication',
  'rate-limited': 'unreachable',
  overloaded: 'unreachable',
  unavailable: 'unreachable',
  'clock-skew': 'unreachable',
  'time-step': 'unreachable',
};

/** Why the command ends when a host answers this problem; a kind that this build does not know goes by its HTTP status. */
export const reasonOf = ({ code, status }: Pick<ProblemDocument, 'code' | 'status'>): ExitReason => {
  if (isProblemKind(code)) return reasons[code];
  if (status === 401 || status === 403) return 'authentication';
  if (status === 404) return 'notFound';
  return status === 502 || status === 503 || status === 504 ? 'unreachable' : 'failed';
};
