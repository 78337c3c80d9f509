/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const AUTHORITY_FOLLOWER = Symbol('authority follower');
export const AUTHORITY_WRITER = Symbol('authority writer');
export const VENDOR_SIGNER = Symbol('vendor signer');
