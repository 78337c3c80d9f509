import type { RecordData, RecordType } from '../message/record-data.js';

/** What must hold for an update to happen at all (RFC 2136 section 2.4). Data of one `set-equals` is the whole set, in any order, TTLs aside. */
export type Prerequisite =
  | { readonly kind: 'name-in-use'; readonly name: string }
  | { readonly kind: 'name-not-in-use'; readonly name: string }
  | { readonly kind: 'set-exists'; readonly name: string; readonly type: RecordType }
  | { readonly kind: 'set-absent'; readonly name: string; readonly type: RecordType }
  | { readonly kind: 'set-equals'; readonly name: string; readonly data: readonly RecordData[] };

/**
 * What an update does (RFC 2136 section 2.5). Adding what is there changes nothing but the TTL, of the whole set. Removing what is not there succeeds:
 * `remove-record` takes away only what is equal in every field, so NOERROR is no proof that a target is gone.
 */
export type Change =
  | { readonly kind: 'add'; readonly name: string; readonly ttlSeconds: number; readonly data: RecordData }
  | { readonly kind: 'remove-record'; readonly name: string; readonly data: RecordData }
  | { readonly kind: 'remove-set'; readonly name: string; readonly type: RecordType }
  | { readonly kind: 'remove-name'; readonly name: string };
