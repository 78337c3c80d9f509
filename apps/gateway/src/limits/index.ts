export { limitsConfig } from './limits.config.js';
export { type Arrival, arrivalOf, SignedRequests } from './signed-requests.js';
export { AddressLimitGuard, LimitMetrics, RepeatsPass } from '@muster/service';
