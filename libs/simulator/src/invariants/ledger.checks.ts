import type { PoolCounts, PoolPolicy } from '@muster/contracts';
import { seenCodes, typedColumnsOf } from '@muster/contracts';
import { countAt } from '@muster/domain';
import { SECOND_MS } from '@muster/kernel';
import type { Recorded, SimulatedHost } from '../hosts/simulated-host.js';
import { Recount } from './recount.js';
import { InvariantViolation } from './violation.js';

const meanings = { [seenCodes.seenPhysical]: 'physical', [seenCodes.seenVirtual]: 'virtual', [seenCodes.retired]: 'retired' } as const;

const words = ({ physical, virtual }: PoolCounts): string => `${physical} physical and ${virtual} virtual machines`;

interface ProductCheck {
  readonly pool: PoolPolicy;
  readonly recount: Recount;
  readonly threshold: number;
}

/** Watches one host's ledger: every count and every grant against a recount of its own. */
export class LedgerChecks {
  readonly #host: SimulatedHost;
  readonly #recounts = new Map<string, Recount>();
  readonly #products = new Map<string, ProductCheck>();
  readonly #expired = new Set<string>();
  grants = 0;
  comparisons = 0;
  literalRecounts = 0;

  constructor(host: SimulatedHost) {
    this.#host = host;
    const { pools, products } = host.claims;
    for (const pool of pools) {
      const recount = new Recount(pool.countWindowSeconds * SECOND_MS);
      this.#recounts.set(pool.name, recount);
      for (const { name, threshold } of products.filter((product) => product.pool === pool.name)) this.#products.set(name, { pool, recount, threshold });
    }
  }

  onRecorded({ event, recordedAtMs }: Recorded): void {
    const { seen, pool, machine } = typedColumnsOf(event);
    if (seen !== seenCodes.nothing && machine !== null) {
      // A retirement names no pool: it concerns all.
      for (const [name, recount] of this.#recounts) if (pool === null || pool === name) recount.add({ machine, atMs: recordedAtMs, as: meanings[seen] });
    }
    if (event.type === 'ActivationGranted' || event.type === 'ActivationRenewed') this.#checkGrant(event.data, recordedAtMs);
    if (event.type === 'ActivationExpired') this.#checkExpiry(event.data, recordedAtMs);
  }

  meetsThreshold(product: string, nowMs: number): boolean {
    return this.#countFor(product, nowMs) >= this.#productOf(product).threshold;
  }

  /** @param literal whether the whole log is read from its beginning */
  compareCounts(nowMs: number, literal: boolean): void {
    for (const [name, recount] of this.#recounts) {
      const pool = this.#host.counting.get(name);
      const counted = pool === undefined ? { physical: 0, virtual: 0 } : countAt(pool, nowMs);
      this.#compare(name, counted, recount.countAt(nowMs));
      this.comparisons += 1;
      if (!literal) continue;
      this.#compare(name, counted, recount.literalCountAt(nowMs));
      this.literalRecounts += 1;
    }
  }

  countsAt(nowMs: number): readonly ({ readonly pool: string } & PoolCounts)[] {
    return [...this.#recounts].map(([pool, recount]) => ({ pool, ...recount.countAt(nowMs) }));
  }

  #productOf(product: string): ProductCheck {
    const check = this.#products.get(product);
    if (check === undefined) throw new Error(`${this.#host.name} has no product ${product}`);
    return check;
  }

  #countFor(product: string, nowMs: number): number {
    const { pool, recount } = this.#productOf(product);
    const { physical, virtual } = recount.countAt(nowMs);
    return pool.countVirtualMachines ? physical + virtual : physical;
  }

  #checkGrant({ product, machine, leaseId }: { readonly product: string; readonly machine: string; readonly leaseId: string }, nowMs: number): void {
    this.grants += 1;
    const count = this.#countFor(product, nowMs);
    const { threshold } = this.#productOf(product);
    if (count >= threshold) return;
    throw new InvariantViolation({
      invariant: 'no lease below the threshold',
      machine,
      detail: `${this.#host.name} granted lease ${leaseId} of ${product} with ${count} machines counted where ${threshold} are needed`,
    });
  }

  #checkExpiry({ leaseId, machine, expiredAt }: { readonly leaseId: string; readonly machine: string; readonly expiredAt: string }, nowMs: number): void {
    if (!this.#expired.has(leaseId) && Date.parse(expiredAt) <= nowMs) {
      this.#expired.add(leaseId);
      return;
    }
    throw new InvariantViolation({ invariant: 'a lease expires once, after its end', machine, detail: `${this.#host.name} recorded that lease ${leaseId} expired at ${expiredAt}` });
  }

  #compare(pool: string, counted: PoolCounts, recounted: PoolCounts): void {
    if (counted.physical === recounted.physical && counted.virtual === recounted.virtual) return;
    throw new InvariantViolation({
      invariant: 'the count is what a naive recount gives',
      machine: 'none: a count of all',
      detail: `in pool ${pool} of ${this.#host.name} at position ${this.#host.head} the fold counts ${words(counted)}, the recount ${words(recounted)}`,
    });
  }
}
