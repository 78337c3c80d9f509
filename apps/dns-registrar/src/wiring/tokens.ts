/** Injection tokens of what this service wires together. */
export const EVENT_STORE = Symbol('event store');
export const DNS_FOLLOWER = Symbol('dns follower');
export const DNS_RECORDER = Symbol('dns recorder');
export const DOMAINS = Symbol('domains');
export const LOOPS = Symbol('reconcile loops');
