/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const HOST_FOLLOWER = Symbol('host follower');
export const ENROLMENT_FOLLOWER = Symbol('enrolment follower');
export const ACCESS_FOLLOWER = Symbol('access follower');
export const PROXY_FOLLOWER = Symbol('proxy follower');
/** All of them. */
export const FOLLOWERS = Symbol('followers');
/** Called after each commit of this service. */
export const ON_APPENDED = Symbol('on appended');
export const ACTIVATION_WRITER = Symbol('activation writer');
export const CREDENTIALS = Symbol('host credentials');
export const SIGNING_KEYS = Symbol('signing keys');
export const HOST_SIGNER = Symbol('host signer');
