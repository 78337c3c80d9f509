import type { PoolPolicy, ProductPolicy, RefusalReason, RequestActivation } from '@muster/contracts';
import { FRESHNESS_SECONDS } from '@muster/contracts';
import type { ProblemExtensions, ProblemKind } from '@muster/kernel';
import { SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { coversProduct, findProduct } from '../hosts/coverage.rule.js';
import type { CertificateInForce, HostState } from '../hosts/host.fold.js';

/** A request that leaves no trace in the ledger. */
export interface Rejection {
  readonly status: 'rejected';
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly extensions?: ProblemExtensions;
}

export type Screened =
  | Rejection
  /** Well formed, for a known product that this host cannot serve: recorded, but the machine is not seen. */
  | { readonly status: 'refused'; readonly reason: RefusalReason; readonly certificate: CertificateInForce; readonly product: ProductPolicy }
  /** Will be granted or deferred, by the count. */
  | { readonly status: 'countable'; readonly certificate: CertificateInForce; readonly product: ProductPolicy; readonly pool: PoolPolicy };

const reject = (kind: ProblemKind, detail: string, extensions?: ProblemExtensions): Rejection => ({
  status: 'rejected',
  kind,
  detail,
  ...(extensions === undefined ? {} : { extensions }),
});

const refusalOf = (host: HostState & { status: 'active' | 'retired' }, product: ProductPolicy, nowMs: number): RefusalReason | undefined => {
  const { claims } = host.certificate;
  const now = toNumericDate(nowMs);
  if (host.status === 'retired') return 'host-retired';
  if (now < claims.nbf || now >= claims.exp) return 'host-certificate-not-valid';
  if (!coversProduct(claims, product)) return 'product-not-covered';
  return undefined;
};

/** When a request is decided. */
export interface DecisionTime {
  /** As recorded: never before the head's time. */
  readonly nowMs: number;
  /** By the host's own clock, which alone can be compared with a machine's. */
  readonly clockMs: number;
}

/** Everything about a new request id that does not need the count. */
export const screenRequest = (request: RequestActivation, host: HostState, { nowMs, clockMs }: DecisionTime): Screened => {
  if (host.status === 'not-activated') return reject('host-not-activated', 'The host has no certificate from the vendor yet; nothing was counted.');
  if (request.audience !== null && request.audience !== host.host) {
    return reject('wrong-host', `The request is meant for host ${request.audience}; this is ${host.host}.`, { host: host.host });
  }
  if (Math.abs(request.issuedAt * SECOND_MS - clockMs) > FRESHNESS_SECONDS * SECOND_MS) {
    return reject('request-not-fresh', `The request's iat is more than ${FRESHNESS_SECONDS} s from the host's time. Set the machine's clock and sign the request again.`, {
      serverTime: toInstant(clockMs),
      toleranceSeconds: FRESHNESS_SECONDS,
    });
  }
  const { certificate } = host;
  const product = findProduct(certificate.claims, request.product);
  const pool = certificate.claims.pools.find(({ name }) => name === product?.pool);
  if (product === undefined || pool === undefined) return reject('unknown-product', `The vendor's certificate lists no product ${request.product}.`);
  const reason = refusalOf(host, product, nowMs);
  return reason === undefined ? { status: 'countable', certificate, product, pool } : { status: 'refused', reason, certificate, product };
};
