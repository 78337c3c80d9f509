import type { FailedHost, HostAddress } from '../outcome.js';
import type { HeldPermanentLease } from './permanent-state.js';

/** What the authority, or a host that stands between, gave for an installation request; a lease is verified already. */
export type PermanentReply =
  | { readonly type: 'granted'; readonly lease: Omit<HeldPermanentLease, 'keyId' | 'hardware'>; readonly drawn: boolean | null; readonly remaining: number | null }
  /** Left with the host, for somebody to carry it to the authority. */
  | { readonly type: 'waiting'; readonly requestDigest: string; readonly retryAfterSeconds: number }
  | { readonly type: 'refused'; readonly code: string; readonly detail: string }
  /** Somebody is there and cannot answer now: the outcome is not known. */
  | { readonly type: 'busy'; readonly code: string; readonly detail: string; readonly retryAfterSeconds: number | null }
  | { readonly type: 'unreachable'; readonly detail: string };

export interface PermanentOutcome {
  /** The authority or the host whose reply it is; null when none was known. */
  readonly host: HostAddress | null;
  readonly reply: PermanentReply;
  readonly failed: readonly FailedHost[];
}
