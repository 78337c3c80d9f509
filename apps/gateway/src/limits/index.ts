export { AddressLimitGuard } from './address-limit.guard.js';
export { LimitMetrics } from './limit-metrics.js';
export { limitsConfig } from './limits.config.js';
export { RepeatsPass } from './repeats-pass.decorator.js';
export { type Arrival, arrivalOf, SignedRequests } from './signed-requests.js';
