import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { subjects } from '@muster/contracts';
import { systemClock, systemDraws } from '@muster/kernel';
import { BUS, type Bus } from '@muster/messaging';
import type { CheckResult, Log } from '@muster/service';
import { CONFIG, isLoopback, LOG, READINESS, type ReadinessRegistry } from '@muster/service';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { GatewayConfig } from '../gateway.config.js';
import type { Announced, Announcer } from './announcer.js';
import { startAnnouncer } from './announcer.js';
import { candidatesOf } from './candidates.js';
import { checkTarget, leadingTo } from './check-target.js';
import { ownNames } from './own-names.js';

/** A resolver that is away is not waited for longer: nothing of the host depends on it, and the name is looked up again. */
const RESOLVER_OPTIONS = { timeout: 2000, tries: 2 };

/** Nothing where there is none: not every system has these files. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const ownAddresses = (): ReadonlySet<string> => new Set(Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.filter(({ internal }) => !internal).map(({ address }) => address)));

/** Tells the registrar where this gateway is reached, from when it listens until it stops. */
@Injectable()
export class AnnounceGateway implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly resolver = new Resolver(RESOLVER_OPTIONS);
  private announcer: Announcer | undefined;
  private stopped = false;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(READINESS) private readonly readiness: ReadinessRegistry,
    @Inject(LOG) private readonly log: Log,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {
    if (config.dnsResolvers.length > 0) this.resolver.setServers(config.dnsResolvers);
  }

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => this.start((server.address() as AddressInfo).port));
  }

  /** The first thing of a shutdown: the bus and the HTTP server are still there. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.resolver.cancel();
    await this.announcer?.stop();
  }

  private start(port: number): void {
    if (this.stopped) return;
    const { config, readiness } = this;
    const { httpAddress, tlsCertificate } = config;
    const names = ownNames({ hostname: hostname(), hosts: textOf('/etc/hosts'), resolvConf: textOf('/etc/resolv.conf') });
    const candidates = candidatesOf({ config, port, speaksTls: tlsCertificate !== undefined, onLoopback: httpAddress === 'localhost' || isLoopback(httpAddress), ownNames: names });
    if (candidates.kind === 'none') {
      this.log.info({ why: candidates.why }, 'the gateway is not announced');
      return;
    }
    const { kind, endpoints } = candidates;
    const announcer = startAnnouncer({
      endpoints,
      check: async ({ target }) => {
        const check = await checkTarget(target, this.resolver);
        return kind === 'detected' ? leadingTo(ownAddresses(), check, target) : check;
      },
      isReady: async () => (await readiness.readiness()).status === 'ready',
      send: (beat) => this.bus.publish(subjects.endpointBeat, beat),
      say: (announced) => this.say(announced, kind),
      draws: systemDraws,
      startedMs: systemClock.nowMs(),
      pause: (ms, signal) => after(ms, undefined, { signal }).catch(() => undefined),
    });
    readiness.register('announcement', () => standingOf(announcer.announced(), kind));
    this.announcer = announcer;
  }

  private say(announced: Announced, kind: 'configured' | 'detected'): void {
    if (announced.status === 'not-announced') this.log[kind === 'configured' ? 'warn' : 'info']({ why: announced.why }, 'the gateway is not announced; trying again each minute');
    else if (announced.doubt !== null) this.log.warn({ endpoint: announced.facts.endpoint, why: announced.doubt }, 'the gateway is announced as before, though its name could not be looked up again');
    else this.log.info({ ...announced.facts }, 'the gateway is announced');
  }
}

/** Never down: it serves whoever knows where it is. What nobody asked for is nothing to look at. */
const standingOf = (announced: Announced, kind: 'configured' | 'detected'): CheckResult =>
  announced.status === 'announced'
    ? { status: 'up', detail: `as ${announced.facts.endpoint}` }
    : { status: kind === 'configured' ? 'warn' : 'up', detail: `not announced: ${announced.why}` };
