import { isRecordedAnswerSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { addressKey, beyondAddressLimit, CONFIG, LimitMetrics, TokenBuckets, traceOf, turnedAway } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';
import { AdmissionShares, type Share } from './admission-shares.js';
import type { LimitsConfig } from './limits.config.js';
import { RepeatLane } from './repeat-lane.js';

/** Some 150 bytes each; a machine that was forgotten begins with a full bucket. */
const MACHINES_MAX = 50_000;

/** What a signed request proved: whose it is, and its id. */
interface Verified {
  readonly machine: string;
  readonly payload: { readonly jti: string };
}

/** How a signed request came. */
export interface Arrival {
  /** Null for one that came over the bus. */
  readonly address: string | null;
  /** Seconds until its address may ask again; undefined within its limit. */
  readonly beyondSeconds: number | undefined;
  readonly traceparent: string | undefined;
}

export const arrivalOf = (request: HttpRequest): Arrival => ({ address: request.ip, beyondSeconds: beyondAddressLimit(request), traceparent: traceOf(request).traceparent });

/** For machines' requests without an address, such as those of the bus. */
const ONE_LANE = 'bus';

/** Lets signed requests in: verified, within the limits or repeats of what is recorded, and with room for renewals when there is little. */
@Injectable()
export class SignedRequests {
  private readonly machines: TokenBuckets;
  private readonly shares: AdmissionShares;
  private readonly lane: RepeatLane;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CONFIG) { machineRequestsPerSecond, machineRequestsBurst, requestsInFlightMax }: LimitsConfig,
    @Inject(LimitMetrics) private readonly metrics: LimitMetrics,
  ) {
    this.machines = new TokenBuckets({ rate: { perSecond: machineRequestsPerSecond, burst: machineRequestsBurst }, keysMax: MACHINES_MAX });
    this.shares = new AdmissionShares(requestsInFlightMax, () => metrics.turnedAway('in-flight'));
    this.lane = new RepeatLane(() => metrics.turnedAway('lane'));
    metrics.show({ name: 'muster_limited_machines', help: 'Machines that are counted.' }, () => this.machines.size);
    metrics.show({ name: 'muster_repeat_look_ups', help: 'Requests beyond a limit that are, or wait to be, looked up as repeats.' }, () => this.lane.size);
    const underWay = { name: 'muster_requests_under_way', help: 'Signed requests that were let in and are not answered yet.', shares: ['held', 'new'] } as const;
    metrics.showShares(underWay, (share) => this.shares.underWay(share));
  }

  /**
   * @param verify checks the machine's signature: the costly part, which what is beyond a limit waits for
   * @throws Problem `rate-limited`, `overloaded`, and whatever `verify` and `decide` throw
   */
  async admit<V extends Verified, T>(share: Share, arrival: Arrival, { verify, decide }: { readonly verify: () => Promise<V>; readonly decide: (verified: V) => Promise<T> }): Promise<T> {
    const verified = await this.withinLimits(arrival, verify);
    return this.shares.run(share, () => decide(verified));
  }

  private async withinLimits<V extends Verified>(arrival: Arrival, verify: () => Promise<V>): Promise<V> {
    const { address, beyondSeconds } = arrival;
    const key = address === null ? ONE_LANE : addressKey(address);
    if (beyondSeconds !== undefined) return this.lane.run(key, async () => this.repeated(await verify(), { ...arrival, beyondSeconds }, 'address'));
    const verified = await verify();
    const waitSeconds = this.machines.take(verified.machine);
    if (waitSeconds === 0) return verified;
    return this.lane.run(key, () => this.repeated(verified, { ...arrival, beyondSeconds: waitSeconds }, 'machine'));
  }

  /** Lets a repeat pass, and nothing else. */
  private async repeated<V extends Verified>(verified: V, { beyondSeconds, traceparent }: Arrival & { readonly beyondSeconds: number }, limit: 'address' | 'machine'): Promise<V> {
    const { machine, payload } = verified;
    const { recorded } = await this.bus.request(subjects.ledgerIsRecorded, { machine, requestId: payload.jti }, { schema: isRecordedAnswerSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent });
    if (recorded) return verified;
    this.metrics.turnedAway(limit);
    throw turnedAway('rate-limited', limit === 'address' ? 'More requests come from this address than one may send.' : 'The machine asks more often than one may.', { afterSeconds: beyondSeconds });
  }
}
