import { SECOND_MS } from '@muster/kernel';
import type { SimulatedMachine } from '../fleet/simulated-machine.js';
import { awakeAt } from '../fleet/waking-hours.js';
import type { Site } from '../run/contact.js';
import { HOUR_MS } from '../simulation-time.js';
import type { LedgerChecks } from './ledger.checks.js';
import { InvariantViolation } from './violation.js';

/** A machine that starts may take so long until its agent runs. */
export const BOOT_MS_MAX = HOUR_MS / 6;

/** It may have asked just before; then it asks once every retry interval, and the answer may be lost once. */
const RETRIES = 2;

export interface WatchedSite extends Site {
  readonly checks: LedgerChecks;
}

const hasLease = ({ state: { lease } }: SimulatedMachine, nowMs: number): boolean => lease !== null && nowMs < lease.expiresAtMs;

/** Since when the machine is awake and in reach without a break; Infinity when it is not. */
const inReachSinceMs = (machine: SimulatedMachine, nowMs: number): number => {
  const awake = awakeAt(machine, nowMs);
  if (awake === undefined || machine.away.at(nowMs) !== undefined) return Number.POSITIVE_INFINITY;
  return Math.max(machine.installedMs, awake.fromMs, machine.away.lastEndMs(nowMs));
};

/** "Every machine that can reach a host recovers": whoever has been in reach for some retry intervals, of hosts that may grant, holds a lease. */
export class RecoveryChecks {
  readonly #sites: readonly WatchedSite[];
  readonly #patienceMs: number;
  /** Product to the moment since when every host that is up has enough machines for it. */
  readonly #servedSinceMs = new Map<string, number>();
  #expired = new Set<SimulatedMachine>();
  /** Machines whose lease had run out, and that got another. */
  recoveries = 0;

  constructor(sites: readonly WatchedSite[], retryAfterSeconds: number) {
    this.#sites = sites;
    this.#patienceMs = RETRIES * retryAfterSeconds * SECOND_MS + BOOT_MS_MAX;
  }

  /** Looks at the whole fleet: once a simulated hour. */
  sweep(machines: readonly SimulatedMachine[], nowMs: number): void {
    for (const product of new Set(this.#sites.flatMap(({ host }) => host.claims.products.map(({ name }) => name)))) this.#noteService(product, nowMs);
    const expired = new Set<SimulatedMachine>();
    for (const machine of machines) {
      if (hasLease(machine, nowMs)) continue;
      if (machine.state.lease !== null) expired.add(machine);
      this.#check(machine, nowMs);
    }
    for (const machine of this.#expired) if (!expired.has(machine) && hasLease(machine, nowMs)) this.recoveries += 1;
    this.#expired = expired;
  }

  #noteService(product: string, nowMs: number): void {
    const up = this.#sites.filter(({ outages }) => outages.at(nowMs) === undefined);
    const served = up.length > 0 && up.every(({ checks }) => checks.meetsThreshold(product, nowMs));
    if (!served) this.#servedSinceMs.delete(product);
    else if (!this.#servedSinceMs.has(product)) this.#servedSinceMs.set(product, nowMs);
  }

  #check(machine: SimulatedMachine, nowMs: number): void {
    const sinceMs = Math.max(inReachSinceMs(machine, nowMs), this.#servedSinceMs.get(machine.product) ?? Number.POSITIVE_INFINITY);
    if (nowMs - sinceMs <= this.#patienceMs) return;
    throw new InvariantViolation({
      invariant: 'every machine that reaches a host recovers',
      machine: machine.name,
      detail: `it has been in reach of a host that may grant for ${((nowMs - sinceMs) / HOUR_MS).toFixed(1)} hours, and holds no good lease`,
    });
  }
}
