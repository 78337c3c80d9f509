/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const HOST_FOLLOWER = Symbol('host follower');
export const ENROLMENT_FOLLOWER = Symbol('enrolment follower');
export const ACCESS_FOLLOWER = Symbol('access follower');
export const PROXY_FOLLOWER = Symbol('proxy follower');
/** All of them. */
export const FOLLOWERS = Symbol('followers');
export const WRITTEN_LEDGER = Symbol('written ledger');
export const ACTIVATION_WRITER = Symbol('activation writer');
export const CREDENTIALS = Symbol('host credentials');
export const SIGNING_KEYS = Symbol('signing keys');
export const HOST_SIGNER = Symbol('host signer');
