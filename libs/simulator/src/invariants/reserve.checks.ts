import type { HeldLease } from '@muster/client';
import { SECOND_MS } from '@muster/kernel';
import type { SimulatedMachine } from '../fleet/simulated-machine.js';
import type { Span } from '../simulation-time.js';
import { DAY_MS, joinSpans, overlapMs } from '../simulation-time.js';
import { InvariantViolation } from './violation.js';

/** Who had no host in reach for two of the three months that half a lease takes could not have done better. */
const AWAY_MS_MAX = 60 * DAY_MS;

const days = (ms: number): string => (ms / DAY_MS).toFixed(2);

/** The least that was left of a lease, in days; null when no lease was looked at. */
export type LeastDays = number | null;

const least = (one: LeastDays, otherMs: number): number => Math.min(one ?? Number.POSITIVE_INFINITY, otherMs / DAY_MS);

/** Watches how much is left of the leases. */
export class ReserveChecks {
  readonly #renewAfterMs: number;
  /** When no host answered anybody. */
  readonly #outages: readonly Span[];
  /** Over machines that no excuse kept from renewing at their moment. */
  punctualLeastDays: LeastDays = null;
  /** Over all others too, but not those that were away for long, or had too few around them. */
  presentLeastDays: LeastDays = null;
  punctualLeases = 0;

  constructor(renewAfterSeconds: number, outages: readonly Span[]) {
    this.#renewAfterMs = renewAfterSeconds * SECOND_MS;
    this.#outages = outages;
  }

  /** The first moment at which a punctual machine must hold another lease: then {@link watch} looks. */
  watchAtMs({ issuedAtMs }: HeldLease): number {
    return issuedAtMs + this.#renewAfterMs + 1;
  }

  /** "Outside outages a machine that was connected at all its drawn moments has at least 173 days left at every instant": what is left only falls, so looking just after it is enough. */
  watch(machine: SimulatedMachine, leaseId: string, nowMs: number): void {
    const { lease } = machine.state;
    const { absent, hostDown, deferred } = machine.excuses;
    if (lease?.leaseId !== leaseId || absent || hostDown || deferred) return;
    throw new InvariantViolation({
      invariant: 'a punctual machine keeps its reserve',
      machine: machine.name,
      detail: `it was connected at its drawn moment, all hosts were up, and only ${days(lease.expiresAtMs - nowMs)} days are left of lease ${leaseId}`,
    });
  }

  /** Just before a lease is replaced; as {@link look}. */
  onRenewal(machine: SimulatedMachine, lease: HeldLease, nowMs: number): number | undefined {
    const { absent, hostDown, deferred } = machine.excuses;
    if (!absent && !hostDown && !deferred) {
      this.punctualLeases += 1;
      this.punctualLeastDays = least(this.punctualLeastDays, lease.expiresAtMs - nowMs);
    }
    return this.look(machine, lease, nowMs);
  }

  /** "No machine comes below 90 days for it": not for an outage, nor for having been told to return. Returns the days left of a machine that was present. */
  look(machine: SimulatedMachine, lease: HeldLease, nowMs: number): number | undefined {
    if (machine.excuses.deferred) return undefined;
    const leftMs = lease.expiresAtMs - nowMs;
    const lowest = leftMs < (this.presentLeastDays ?? Number.POSITIVE_INFINITY) * DAY_MS;
    const belowHalf = 2 * leftMs < lease.expiresAtMs - lease.issuedAtMs;
    // Most leases are far from being the lowest: their machine's absences need not be added up.
    if (!lowest && !belowHalf && leftMs > lease.expiresAtMs - lease.issuedAtMs - AWAY_MS_MAX) return leftMs / DAY_MS;
    const away = this.#outOfReachMs(machine, { fromMs: lease.issuedAtMs, toMs: nowMs });
    if (away >= AWAY_MS_MAX) return undefined;
    if (belowHalf) {
      throw new InvariantViolation({
        invariant: 'no machine in reach comes below half its lease',
        machine: machine.name,
        detail: `${days(leftMs)} days are left of lease ${lease.leaseId}, and no host was in its reach for only ${days(away)} days of it`,
      });
    }
    this.presentLeastDays = least(this.presentLeastDays, leftMs);
    return leftMs / DAY_MS;
  }

  #outOfReachMs({ habits }: SimulatedMachine, held: Span): number {
    return joinSpans([...habits.away, ...this.#outages]).reduce((sum, span) => sum + overlapMs(span, held), 0);
  }
}
