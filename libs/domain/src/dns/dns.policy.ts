/** The registrar's patience, in seconds. */
export interface DnsTiming {
  /** Without a beat for so long, an endpoint is silent. */
  readonly silentAfterSeconds: number;
  /** So long after an orderly stop nothing changes: a restart is none of DNS's business. */
  readonly stoppedGraceSeconds: number;
  /** So long after its last beat an endpoint is withdrawn. */
  readonly withdrawAfterSeconds: number;
  /** A claim is written anew when it is so old. */
  readonly refreshSeconds: number;
  /** After two of these a claim that nobody wrote anew is nobody's. */
  readonly windowSeconds: number;
}

export interface DnsSite {
  readonly name: string;
  /** The sites whose endpoints serve it while it has none of its own, the first choice first. */
  readonly coveredBy: readonly string[];
}

/** What is configured for a domain that clients look in. */
export interface DnsDomainPolicy {
  readonly domain: string;
  /** What DNS serves, and what an update names; often the domain itself. */
  readonly zone: string;
  readonly label: string;
  /** Of every record at a name: DNS knows no other for one of them (RFC 2181 section 5.2). */
  readonly ttlSeconds: number;
  readonly sites: readonly DnsSite[];
  readonly recordsWarn: number;
  /** BIND refuses the 101st record of a name, and with it the whole update. */
  readonly recordsMax: number;
  /** What may go without a recorded fact that orders it, as a part of our live SRV records of the domain: 0 to 1. */
  readonly deleteShareMax: number;
}
