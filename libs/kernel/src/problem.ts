interface CatalogueEntry {
  readonly title: string;
  readonly retryAfterSeconds?: number;
}

/**
 * The catalogue of problems: a stable slug for each reason that a request can fail for.
 *
 * A problem crosses NATS intact; HTTP status and `application/problem+json` exist only at the edge.
 * `retryAfterSeconds` stands where trying again, unchanged, can help.
 */
export const problemCatalogue = {
  'malformed-request': { title: 'The request is not well formed' },
  'request-too-large': { title: 'The request is larger than it may be' },
  'unsupported-media-type': { title: 'The media type is not supported' },
  'signature-invalid': { title: "The machine's signature does not verify" },
  'request-not-fresh': { title: "The request's time is too far from the host's" },
  'request-id-conflict': { title: 'The request id was used before with other content' },
  'unknown-product': { title: 'The product is not known to this host' },
  'wrong-host': { title: 'The request is meant for another host' },
  'product-not-covered': { title: "The host's certificate does not cover the product's group" },
  'host-retired': { title: 'The host is retired' },
  'host-not-activated': { title: 'The host is not activated yet', retryAfterSeconds: 60 },
  'host-certificate-not-valid': { title: "The host's certificate is not valid now" },
  'lease-not-trusted': { title: 'The lease does not chain to the vendor, or is for another organisation' },
  'lease-not-yours': { title: 'The lease was issued to another machine' },
  'lease-unknown': { title: 'The ledger holds no such lease' },
  'lease-expired': { title: 'The lease has run out' },
  'lease-released': { title: 'The lease was released' },
  'machine-unknown': { title: 'The ledger holds no such machine' },
  'invalid-as-of': { title: 'The point in time or position cannot be answered' },
  'not-found': { title: 'There is nothing here' },
  'method-not-allowed': { title: 'The method is not allowed here' },
  'qualification-missing': { title: 'The machine does not qualify for the product' },
  'key-misread': { title: 'The key was mistyped' },
  'key-unknown': { title: 'The authority issued no such key' },
  'key-revoked': { title: 'The key was revoked' },
  'hosts-exhausted': { title: 'The host key has activated as many hosts as it may' },
  'activations-exhausted': { title: 'The host was activated as often with this key as it may be' },
  'host-revoked': { title: "The vendor revoked the host's key" },
  'allowance-exhausted': { title: 'The allowance of the multiple activation key is spent' },
  'group-not-covered': { title: 'The key does not cover the product group' },
  'code-misread': { title: 'A group of the code was misheard or mistyped' },
  'host-key-missing': { title: 'No host key is installed' },
  'policies-not-valid': { title: 'The policies file is not of the vendor, or not for this key' },
  'confirmation-not-valid': { title: 'The confirmation does not fit this host' },
  'revocations-not-valid': { title: 'The revocation list is not of the vendor, or older than the one installed' },
  'signing-key-not-usable': { title: 'The key may not sign for this host' },
  'enrolment-not-valid': { title: 'The enrolment token is unknown, spent or past its end' },
  'endpoint-unknown': { title: 'No gateway announced such an endpoint' },
  'endpoint-ambiguous': { title: 'There are several endpoints, and the order names none' },
  'dns-domain-unknown': { title: 'The registrar is not configured for this domain' },
  'dns-not-configured': { title: 'There is no dynamic DNS: no server is configured for this domain' },
  'dns-conflict-unknown': { title: "Nobody else's record is in the way there" },
  'catalogue-not-valid': { title: 'The catalogue contradicts itself' },
  forbidden: { title: "The token's role may not do this" },
  'rate-limited': { title: 'Too many requests from here', retryAfterSeconds: 1 },
  unauthorized: { title: 'A valid access token is needed' },
  overloaded: { title: 'The host has more requests than it can take', retryAfterSeconds: 5 },
  unavailable: { title: 'A part of the host is away', retryAfterSeconds: 2 },
  'clock-skew': { title: "The host's clock differs from its database's clock", retryAfterSeconds: 30 },
  'time-step': { title: "The ledger is far behind the host's clock, and nobody has accepted that", retryAfterSeconds: 60 },
  internal: { title: 'The host failed' },
} as const satisfies Record<string, CatalogueEntry>;

export type ProblemKind = keyof typeof problemCatalogue;

export type ProblemExtensions = Readonly<Record<string, string | number | boolean>>;

export interface ProblemOptions {
  readonly retryAfterSeconds?: number;
  /** Machine-readable members beside the standard ones, such as `serverTime`. Never secrets. */
  readonly extensions?: ProblemExtensions;
  readonly cause?: unknown;
}

/** A failure that its receiver can act on. `detail` is for people; programs read `kind` and the extensions. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;
  readonly extensions: ProblemExtensions;

  constructor(kind: ProblemKind, detail: string, options: ProblemOptions = {}) {
    super(`${kind}: ${detail}`, { cause: options.cause });
    this.name = 'Problem';
    this.kind = kind;
    this.detail = detail;
    const entry: CatalogueEntry = problemCatalogue[kind];
    this.retryAfterSeconds = options.retryAfterSeconds ?? entry.retryAfterSeconds;
    this.extensions = options.extensions ?? {};
  }
}

export const isProblem = (error: unknown, kind?: ProblemKind): error is Problem =>
  error instanceof Problem && (kind === undefined || error.kind === kind);

export const isProblemKind = (value: unknown): value is ProblemKind => typeof value === 'string' && Object.hasOwn(problemCatalogue, value);
