/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const HOST_FOLLOWER = Symbol('host follower');
export const ACTIVATION_WRITER = Symbol('activation writer');
export const CREDENTIALS = Symbol('host credentials');
export const SIGNING_KEYS = Symbol('signing keys');
export const HOST_SIGNER = Symbol('host signer');
