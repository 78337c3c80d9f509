import { setTimeout as pause } from 'node:timers/promises';
import { type EndpointBeat, endpointBeatSchema, endpointIdOf, subjects } from '@muster/contracts';
import type { DomainEvent } from '@muster/contracts';
import type { DnsTiming } from '@muster/domain';
import { decideStandings } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import type { Draws } from '@muster/kernel';
import { isProblem, SECOND_MS } from '@muster/kernel';
import type { Bus, BusSubscription } from '@muster/messaging';
import type { Log, ServiceClock } from '@muster/service';
import { type DnsView, isServing } from '../view/dns-view.fold.js';
import type { Heard } from '../view/heard.js';
import type { DnsRecorder } from '../wiring/dns-recorder.js';
import type { RegistrarDomain } from '../wiring/registrar-domains.js';

/** Silence is noticed so late at most; looking costs nothing while nothing changes. */
const LOOK_INTERVAL_MS = SECOND_MS;

/** Between two ticks of a second; longer, and the process itself stood still, with beats waiting to be heard. */
const STALL_MS = 5 * SECOND_MS;

export interface HearBeatsParts {
  readonly bus: Bus;
  readonly heard: Heard;
  readonly follower: Follower<DnsView>;
  readonly recorder: DnsRecorder;
  readonly domains: readonly RegistrarDomain[];
  readonly timing: DnsTiming;
  readonly clock: ServiceClock;
  readonly draws: Draws;
  readonly log: Log;
}

/** Hears the gateways, and records what their beats, or the absence of them, change. Every replica does: the one rule records each change once. */
export class HearBeats {
  private readonly stopping = new AbortController();
  private looking: Promise<void> | undefined;
  private waking = new AbortController();
  private subscription: BusSubscription | undefined;
  private forgetConnections: (() => void) | undefined;
  private ticking: NodeJS.Timeout | undefined;
  private tickedMs = performance.now();

  constructor(private readonly parts: HearBeatsParts) {}

  start(): void {
    const { bus, heard } = this.parts;
    // A replica that was off the bus has heard nobody: that is no silence of theirs.
    this.forgetConnections = bus.onConnected(() => heard.restart());
    this.subscription = bus.subscribe(subjects.endpointBeat, { schema: endpointBeatSchema, onMessage: (beat) => this.onBeat(beat) });
    this.ticking = setInterval(() => this.tick(), LOOK_INTERVAL_MS);
    this.looking = this.look();
  }

  async stop(): Promise<void> {
    clearInterval(this.ticking);
    this.forgetConnections?.();
    await this.subscription?.close();
    this.stopping.abort();
    this.waking.abort();
    await this.looking;
  }

  private onBeat(beat: EndpointBeat): void {
    if (beat.endpoint !== endpointIdOf(beat)) return this.parts.log.warn({ endpoint: beat.endpoint, target: beat.target, port: beat.port }, 'dropped a beat whose name is not that of its address');
    this.parts.heard.hear(beat);
    this.waking.abort();
  }

  /** A process that stood still (paused, or out of breath) has heard nobody: that is no silence of theirs either. */
  private tick(): void {
    const nowMs = performance.now();
    if (nowMs - this.tickedMs > STALL_MS) this.parts.heard.restart();
    this.tickedMs = nowMs;
  }

  private async look(): Promise<void> {
    const { log, draws } = this.parts;
    while (!this.stopping.signal.aborted) {
      this.waking = new AbortController();
      try {
        await this.recordChanges();
      } catch (error) {
        log.warn(isProblem(error) ? { kind: error.kind, detail: error.detail } : { err: error }, 'a change of an endpoint could not be recorded; trying again');
        await pause(LOOK_INTERVAL_MS * (0.5 + 0.5 * draws.unit()), undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
      await pause(LOOK_INTERVAL_MS, undefined, { signal: AbortSignal.any([this.waking.signal, this.stopping.signal]) }).catch(() => undefined);
    }
  }

  private async recordChanges(): Promise<void> {
    const { follower, recorder, bus, clock } = this.parts;
    if (!follower.status.reachedHead || bus.status().state !== 'connected') return;
    if (this.changes(follower.state, clock.nowMs()).length === 0) return;
    await recorder.record((view, { nowMs }) => this.changes(view, nowMs));
  }

  private changes(view: DnsView, nowMs: number): readonly DomainEvent[] {
    this.tick();
    const { heard, timing, domains } = this.parts;
    return decideStandings({
      ...{ state: view.dns, heard: heard.byEndpoint, startedMs: heard.startedMs, monotonicMs: performance.now(), nowMs },
      ...{ timing, domains: domains.map(({ policy }) => policy), serving: isServing(view) },
    });
  }
}
