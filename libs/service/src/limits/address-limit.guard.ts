import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { HttpRequest } from '../http/http-message.js';
import { CONFIG } from '../tokens.js';
import { addressKey } from './address-key.js';
import type { AddressLimitConfig } from './address-limit.config.js';
import { LimitMetrics } from './limit-metrics.js';
import { REPEATS_PASS } from './repeats-pass.decorator.js';
import { turnedAway } from './retry-after.js';
import { TokenBuckets } from './token-bucket.js';

/** Some 100 bytes each. A flood from more addresses than these is what admission shares are for. */
const ADDRESSES_MAX = 50_000;

/** Supervisors must always be able to ask; what they ask for is answered from memory. */
const HEALTH_PATHS: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz']);

const beyond = new WeakMap<HttpRequest, number>();

/** How many seconds until the address of this request may ask again; undefined when it is within its limit. */
export const beyondAddressLimit = (request: HttpRequest): number | undefined => beyond.get(request);

/** Counts requests by address before anything else is done for them: before a token is looked up, and before a signature is verified. */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  private readonly buckets: TokenBuckets;

  constructor(
    @Inject(CONFIG) { addressRequestsPerSecond, addressRequestsBurst }: AddressLimitConfig,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(LimitMetrics) private readonly metrics: LimitMetrics,
  ) {
    this.buckets = new TokenBuckets({ rate: { perSecond: addressRequestsPerSecond, burst: addressRequestsBurst }, keysMax: ADDRESSES_MAX });
    metrics.show({ name: 'muster_limited_addresses', help: 'Addresses that are counted.' }, () => this.buckets.size);
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true; // services on the bus have no address
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (HEALTH_PATHS.has(request.routeOptions?.url)) return true;
    const waitSeconds = this.buckets.take(addressKey(request.ip));
    if (waitSeconds === 0) return true;
    if (this.reflector.get<boolean | undefined>(REPEATS_PASS, context.getHandler()) === true) {
      beyond.set(request, waitSeconds);
      return true;
    }
    this.metrics.turnedAway('address');
    throw turnedAway('rate-limited', 'More requests come from this address than one may send.', { afterSeconds: waitSeconds });
  }
}
