import type { RenewalWindow } from '@muster/contracts';
import type { HeldLease } from './machine-state.js';

/** Where a host is asked: an address such as `https://muster.example:6878`. */
export type HostAddress = string;

/** What one host gave for one request, already verified: nothing here still has to be believed. */
export type Reply =
  | {
      readonly type: 'granted';
      readonly lease: HeldLease;
      readonly count: number;
      readonly threshold: number;
      readonly renewAfterSeconds: number;
      readonly renewalWindow: RenewalWindow;
      readonly retryAfterSeconds: number;
    }
  /** Counted and below the threshold; a lease that is held keeps running. */
  | { readonly type: 'deferred'; readonly count: number; readonly threshold: number; readonly retryAfterSeconds: number; readonly signedAtMs: number }
  | { readonly type: 'released'; readonly releasedAtMs: number }
  /** The host has said no: the outcome of the request is known. */
  | { readonly type: 'refused'; readonly code: string; readonly detail: string; readonly retryAfterSeconds: number | null }
  /** The host is there and cannot answer now: the outcome is not known. */
  | { readonly type: 'busy'; readonly code: string; readonly detail: string; readonly retryAfterSeconds: number | null }
  /** Nothing came back that could be believed: the outcome is not known. */
  | { readonly type: 'unreachable'; readonly detail: string };

export interface FailedHost {
  readonly host: HostAddress;
  readonly detail: string;
}

/** What a whole round over the known hosts gave. */
export interface Outcome {
  /** The host whose reply it is; null when none was known. */
  readonly host: HostAddress | null;
  readonly reply: Reply;
  /** The hosts that gave no outcome before. */
  readonly failed: readonly FailedHost[];
}
