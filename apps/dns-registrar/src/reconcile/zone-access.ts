import type { DnsFailureReport } from '@muster/contracts';
import type { TsigKey, Way } from '@muster/dns-wire';
import { isDnsFailure, type DnsFailure } from '@muster/dns-wire';
import type { Clock, Draws } from '@muster/kernel';
import { MINUTE_SECONDS, SECOND_MS, systemClock, toInstant } from '@muster/kernel';
import type { Log } from '@muster/service';
import type { RegistrarDomain } from '../wiring/registrar-domains.js';
import { KeySource } from './key-source.js';
import { openZone, type OpenZone } from './open-zone.js';
import { ServerStanding, type ServerState } from './server-standing.js';

/** A key file that is wrong is mostly replaced, which is noticed at once. */
const KEY_RETRY_MS = MINUTE_SECONDS * SECOND_MS;

export interface ZoneAccessParts {
  readonly clock: Clock;
  readonly draws: Draws;
  readonly log: Log;
  /** What signatures are dated by: real time, whatever clock the ledger has. */
  readonly signatureClock?: NonNullable<Way['clock']>;
}

export type ZoneOutcome<T> = { readonly kind: 'done'; readonly server: string; readonly value: T } | { readonly kind: 'failed'; readonly failure: DnsFailureReport };

/** A failure for people, the server's clock in it where it is the clocks that differ. */
export const reportOf = (failure: DnsFailure, server: string | null, nowMs: number, signedBy: Pick<Clock, 'nowMs'> = systemClock): DnsFailureReport => {
  const { serverTimeMs } = failure;
  const ourMs = signedBy.nowMs();
  const clocks = serverTimeMs === undefined ? '' : ` (its clock says ${toInstant(serverTimeMs)}, ours ${toInstant(ourMs)}: ${Math.round(Math.abs(serverTimeMs - ourMs) / SECOND_MS)} s apart)`;
  return { kind: failure.kind, detail: `${failure.detail}${clocks}`, server, at: toInstant(nowMs) };
};

/** The servers of one domain's zone, one asked at a time: the first that does what it is asked; those that do not are left alone for a while. */
export class ZoneAccess {
  private readonly servers: readonly ServerStanding[];
  private readonly key: KeySource;
  private unusableKey: DnsFailureReport | undefined;
  private stopping = false;

  constructor(
    private readonly domain: RegistrarDomain,
    private readonly parts: ZoneAccessParts,
  ) {
    this.servers = domain.servers.map((address) => new ServerStanding(address, parts));
    this.key = new KeySource(domain.keyFile);
  }

  get dynamic(): boolean {
    return this.servers.length > 0;
  }

  get keyName(): string | null {
    return this.key.name;
  }

  /** How long until a server that failed may be asked again; undefined when none failed. */
  get retryInMs(): number | undefined {
    if (this.unusableKey !== undefined) return KEY_RETRY_MS;
    const rests = this.servers.flatMap(({ failing, restMs }) => (failing === undefined ? [] : [restMs]));
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  /** The process stops: no further server is asked. */
  stop(): void {
    this.stopping = true;
  }

  /** Why no server is asked: the key of the zone cannot be used. */
  get keyFailure(): DnsFailureReport | undefined {
    return this.unusableKey;
  }

  get stopped(): boolean {
    return this.stopping;
  }

  describe(): readonly ServerState[] {
    return this.servers.map((server) => server.describe());
  }

  /** True when the key's file is another one now; failures may have been the old key's, so all servers are asked again. */
  async keyReplaced(): Promise<boolean> {
    if (!(await this.key.isReplaced())) return false;
    for (const server of this.servers) server.forgive();
    return true;
  }

  /**
   * Does the whole of `work` with one server, and with the next one when it throws a `DnsFailure`. `insist`: also with those that are left alone
   * at the moment, for somebody waits for the answer. Throws nothing of DNS.
   */
  async use<T>(work: (zone: OpenZone) => Promise<T>, { insist = false }: { readonly insist?: boolean } = {}): Promise<ZoneOutcome<T>> {
    const { clock } = this.parts;
    const key = await this.currentKey();
    if (this.unusableKey !== undefined) return { kind: 'failed', failure: this.unusableKey };
    let failed: DnsFailureReport | undefined;
    for (const standing of this.servers) {
      if (this.stopping) break;
      if (standing.restMs > 0 && !insist) {
        failed ??= standing.failing;
        continue;
      }
      const outcome = await this.ask(standing, key, work);
      if (outcome.kind === 'done') return outcome;
      failed = outcome.failure;
    }
    return { kind: 'failed', failure: failed ?? { kind: 'unreachable', detail: 'no server could be asked', server: null, at: toInstant(clock.nowMs()) } };
  }

  /** Asks those that failed and were passed over since whether they are back: otherwise nobody would notice before they are needed. */
  async probe(): Promise<void> {
    const key = await this.currentKey();
    if (this.unusableKey !== undefined) return;
    for (const standing of this.servers) {
      if (!this.stopping && standing.failing !== undefined && standing.restMs === 0) await this.ask(standing, key, (zone) => zone.serial());
    }
  }

  private async ask<T>(standing: ServerStanding, key: TsigKey | undefined, work: (zone: OpenZone) => Promise<T>): Promise<ZoneOutcome<T>> {
    const { clock, log, signatureClock } = this.parts;
    const { domain } = this.domain.policy;
    try {
      const value = await work(openZone(this.domain, standing, key, signatureClock));
      if (standing.succeeded()) log.info({ domain, server: standing.name }, 'the DNS server does what it is asked');
      return { kind: 'done', server: standing.name, value };
    } catch (error) {
      if (!isDnsFailure(error)) throw error;
      const failure = reportOf(error, standing.name, clock.nowMs(), signatureClock);
      if (standing.failed(failure)) log.warn({ domain, ...failure }, 'the DNS server does not do what it is asked; trying again');
      return { kind: 'failed', failure };
    }
  }

  private async currentKey(): Promise<TsigKey | undefined> {
    const { clock, log } = this.parts;
    try {
      const key = await this.key.current();
      this.unusableKey = undefined;
      return key;
    } catch (error) {
      if (!isDnsFailure(error)) throw error;
      const failure = reportOf(error, null, clock.nowMs());
      if (this.unusableKey?.detail !== failure.detail) log.error({ domain: this.domain.policy.domain, detail: failure.detail }, 'the key of the zone cannot be used');
      this.unusableKey = failure;
      return undefined;
    }
  }
}
