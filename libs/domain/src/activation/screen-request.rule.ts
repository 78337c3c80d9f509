import type { PoolPolicy, ProductPolicy, RefusalReason, RequestActivation } from '@muster/contracts';
import { FRESHNESS_SECONDS } from '@muster/contracts';
import type { ProblemExtensions, ProblemKind } from '@muster/kernel';
import { SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { coversProduct, findProduct } from '../hosts/coverage.rule.js';
import type { ActivatedHost, CertificateInForce, HostState } from '../hosts/host.fold.js';
import { qualify } from '../qualification/qualify.rule.js';

/** A request that leaves no trace in the ledger. */
export interface Rejection {
  readonly status: 'rejected';
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly extensions?: ProblemExtensions;
  /** When to try again, where the catalogue's time is not meant. */
  readonly retryAfterSeconds?: number;
}

export type Screened =
  | Rejection
  /** Well formed, for a known product that this host cannot serve: recorded, but the machine is not seen. */
  | { readonly status: 'refused'; readonly reason: RefusalReason; readonly certificate: CertificateInForce; readonly product: ProductPolicy }
  /** Will be granted or deferred, by the count. */
  | { readonly status: 'countable'; readonly certificate: CertificateInForce; readonly product: ProductPolicy; readonly pool: PoolPolicy };

export const reject = (kind: ProblemKind, detail: string, extensions?: ProblemExtensions): Rejection => ({
  status: 'rejected',
  kind,
  detail,
  ...(extensions === undefined ? {} : { extensions }),
});

/** When a request is decided. */
export interface DecisionTime {
  /** As recorded: never before the head's time. */
  readonly nowMs: number;
  /** By the host's own clock, which alone can be compared with a machine's. */
  readonly clockMs: number;
}

/** What every request of a machine must be, whatever it asks for: meant for this host, which is activated, and fresh. */
export const screenEnvelope = (
  { audience, issuedAt }: Pick<RequestActivation, 'audience' | 'issuedAt'>,
  host: HostState,
  clockMs: number,
): Rejection | { readonly status: 'admitted'; readonly host: ActivatedHost } => {
  if (host.status === 'not-activated') return reject('host-not-activated', 'The host has no certificate from the vendor yet; nothing was counted.');
  if (audience !== null && audience !== host.host) return reject('wrong-host', `The request is meant for host ${audience}; this is ${host.host}.`, { host: host.host });
  if (Math.abs(issuedAt * SECOND_MS - clockMs) > FRESHNESS_SECONDS * SECOND_MS) {
    return reject('request-not-fresh', `The request's iat is more than ${FRESHNESS_SECONDS} s from the host's time. Set the machine's clock and sign the request again.`, {
      serverTime: toInstant(clockMs),
      toleranceSeconds: FRESHNESS_SECONDS,
    });
  }
  return { status: 'admitted', host };
};

interface Moment {
  readonly nowMs: number;
  /** How long after its end the certificate still serves: nothing for activations, its renewal grace for renewals. */
  readonly graceSeconds: number;
}

const refusalOf = ({ status, certificate: { claims } }: ActivatedHost, product: ProductPolicy, { nowMs, graceSeconds }: Moment): RefusalReason | undefined => {
  const now = toNumericDate(nowMs);
  if (status === 'retired') return 'host-retired';
  if (now < claims.nbf || now >= claims.exp + graceSeconds) return 'host-certificate-not-valid';
  if (!coversProduct(claims, product)) return 'product-not-covered';
  return undefined;
};

/** Whether the host can serve the product at this moment. */
export const screenProduct = (name: string, host: ActivatedHost, moment: Moment): Screened => {
  const { certificate } = host;
  const product = findProduct(certificate.claims, name);
  const pool = certificate.claims.pools.find((candidate) => candidate.name === product?.pool);
  if (product === undefined || pool === undefined) return reject('unknown-product', `The vendor's certificate lists no product ${name}.`);
  const reason = refusalOf(host, product, moment);
  return reason === undefined ? { status: 'countable', certificate, product, pool } : { status: 'refused', reason, certificate, product };
};

/** Everything about a new activation request that does not need the count. */
export const screenRequest = (request: RequestActivation, host: HostState, { nowMs, clockMs }: DecisionTime): Screened => {
  const envelope = screenEnvelope(request, host, clockMs);
  if (envelope.status === 'rejected') return envelope;
  const screened = screenProduct(request.product, envelope.host, { nowMs, graceSeconds: 0 });
  // Here and not for renewals: as with KMS, a lease is the proof that its machine qualified when it was activated.
  if (screened.status !== 'countable' || qualify(screened.product.qualification, request.evidence).qualifies) return screened;
  return { status: 'refused', reason: 'qualification-missing', certificate: screened.certificate, product: screened.product };
};
