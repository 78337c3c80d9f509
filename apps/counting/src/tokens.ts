/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const FOLLOWER = Symbol('counting follower');
export const ACCESS_FOLLOWER = Symbol('access follower');
export const PROXY_FOLLOWER = Symbol('proxy follower');
