/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const LEASE_FOLLOWER = Symbol('lease follower');
export const LEASE_WRITER = Symbol('lease writer');
export const CREDENTIALS = Symbol('host credentials');
export const SIGNING_KEYS = Symbol('signing keys');
export const HOST_SIGNER = Symbol('host signer');
