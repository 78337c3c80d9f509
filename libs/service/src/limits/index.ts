export { addressKey } from './address-key.js';
export { type AddressLimitConfig, addressLimitConfig, requestCount } from './address-limit.config.js';
export { AddressLimitGuard, beyondAddressLimit } from './address-limit.guard.js';
export { LimitMetrics } from './limit-metrics.js';
export { RepeatsPass } from './repeats-pass.decorator.js';
export { turnedAway } from './retry-after.js';
export { type Rate, TokenBuckets } from './token-bucket.js';
