/** Injects the service's configuration. */
export const CONFIG = Symbol('muster.config');

/** Injects the `ServiceClock`. */
export const CLOCK = Symbol('muster.clock');

/** Injects the `Log`. */
export const LOG = Symbol('muster.log');

/** Injects the `Metrics`. */
export const METRICS = Symbol('muster.metrics');

/** Injects the `ReadinessRegistry`. */
export const READINESS = Symbol('muster.readiness');
