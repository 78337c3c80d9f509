import type { Prerequisite } from './update/prerequisite.js';

/**
 * What went wrong; stable, programs branch on it. The `tsig-…` kinds are about keys, signatures and clocks; no other kind is.
 *
 * - `invalid`: what we were asked to send cannot be said in DNS, or may not be (a name, a length, a key); nothing was sent
 * - `malformed`: bytes that are no DNS message, or no answer to what was asked
 * - `unreachable`, `timeout`: no answer
 * - `tsig-bad-key`, `tsig-bad-signature`, `tsig-bad-time`, `tsig-bad-truncation`: the server says so of our signature (RFC 8945 section 5.2)
 * - `tsig-unverified`: what we received is not signed as it must be, so nothing that it says is believed
 * - `refused`: by the server's policy for this key, name or type
 * - `not-auth-zone`: this server does not serve the zone, or the zone's name is not that of its apex; TSIG was in order
 * - `outside-zone`: a name does not lie in the zone
 * - `prerequisite-failed`: nothing was changed; `prerequisites` are those that may have caused it
 * - `server-failed`: SERVFAIL; BIND also says so when a set would exceed its limit of records (100), and then changed nothing
 * - `not-understood`: FORMERR or NOTIMP
 * - `unexpected-rcode`: any other
 */
export type DnsFailureKind =
  | 'invalid'
  | 'malformed'
  | 'unreachable'
  | 'timeout'
  | 'tsig-bad-key'
  | 'tsig-bad-signature'
  | 'tsig-bad-time'
  | 'tsig-bad-truncation'
  | 'tsig-unverified'
  | 'refused'
  | 'not-auth-zone'
  | 'outside-zone'
  | 'prerequisite-failed'
  | 'server-failed'
  | 'not-understood'
  | 'unexpected-rcode';

export interface DnsFailureFacts {
  /** The answer's response code by name (`NXRRSET`), when there was an answer. */
  readonly rcode?: string;
  /** Whether the answer that says so carried a valid signature. Whoever can send packets can forge the others. */
  readonly authenticated?: boolean;
  /** Whether the server may have done what it was asked all the same: it was sent, and nothing believable came back. */
  readonly outcomeUnknown?: boolean;
  /** With `tsig-bad-time`: the server's clock, in milliseconds since the Unix epoch, to the second. */
  readonly serverTimeMs?: number;
  /** With `prerequisite-failed`: those of the request that the code can mean. */
  readonly prerequisites?: readonly Prerequisite[];
  readonly cause?: unknown;
}

/** The one error of this library; `detail` is for people and holds no secret. */
export class DnsFailure extends Error {
  readonly kind: DnsFailureKind;
  readonly detail: string;
  readonly rcode: string | undefined;
  readonly authenticated: boolean;
  readonly outcomeUnknown: boolean;
  readonly serverTimeMs: number | undefined;
  readonly prerequisites: readonly Prerequisite[];

  constructor(kind: DnsFailureKind, detail: string, facts: DnsFailureFacts = {}) {
    super(`${kind}: ${detail}`, 'cause' in facts ? { cause: facts.cause } : {});
    this.name = 'DnsFailure';
    this.kind = kind;
    this.detail = detail;
    this.rcode = facts.rcode;
    this.authenticated = facts.authenticated ?? false;
    this.outcomeUnknown = facts.outcomeUnknown ?? false;
    this.serverTimeMs = facts.serverTimeMs;
    this.prerequisites = facts.prerequisites ?? [];
  }
}

export const isDnsFailure = (error: unknown, kind?: DnsFailureKind): error is DnsFailure => error instanceof DnsFailure && (kind === undefined || error.kind === kind);

export const invalid = (detail: string): DnsFailure => new DnsFailure('invalid', detail);
export const malformed = (detail: string): DnsFailure => new DnsFailure('malformed', detail);
