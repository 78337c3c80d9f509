import type { ProblemKind } from '@muster/kernel';

/** HTTP's view of the catalogue. It exists only here, at the edge. */
const problemStatus = {
  'malformed-request': 400,
  'request-too-large': 413,
  'unsupported-media-type': 415,
  'signature-invalid': 403,
  'request-not-fresh': 400,
  'request-id-conflict': 409,
  'unknown-product': 404,
  'wrong-host': 421,
  'product-not-covered': 403,
  'host-retired': 410,
  'host-not-activated': 503,
  'host-certificate-not-valid': 503,
  'lease-not-trusted': 403,
  'lease-not-yours': 403,
  'lease-unknown': 404,
  'lease-expired': 410,
  'lease-released': 410,
  'machine-unknown': 404,
  'invalid-as-of': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  unauthorized: 401,
  overloaded: 503,
  unavailable: 503,
  'clock-skew': 503,
  'time-step': 503,
  internal: 500,
} as const satisfies Record<ProblemKind, number>;

/** The HTTP status that a kind of problem is answered with. */
export const statusOf = (kind: ProblemKind): number => problemStatus[kind];
