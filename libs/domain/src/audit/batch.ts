import type { Shape, Unit } from './unit.js';
import { headBefore, statedHeadOf } from './unit.js';

/** More events than one append takes. A longer batch was not made by a writer; to wait for its end would be to read it all into memory. */
export const BATCH_EVENTS_MAX = 4096;

/** A unit with what is known of it before it is decided again. */
export interface Placed {
  readonly unit: Unit;
  readonly shape: Shape;
  readonly stated: number | undefined;
}

/**
 * Units that were decided from one head and recorded in one commit, as far as that can be told: where one ends is not recorded, only the head
 * of each decision. Units that state none are held beside those before them until the next one says to which batch they belong.
 */
export interface Batch {
  readonly head: number;
  readonly recordedAtMs: number;
  readonly placed: readonly Placed[];
  readonly events: number;
  /** Machines of its units: a writer that ends a machine's leases does so in a round without any other command of that machine. */
  readonly machines: ReadonlySet<string>;
}

/** Units of one batch that are known to be complete, and those that may be followed by more. */
export interface Gathered {
  readonly complete: readonly Batch[];
  readonly open: Batch | undefined;
}

const machineOf = ({ shape }: Placed): string | undefined => {
  switch (shape.kind) {
    case 'request':
      return shape.requested.data.machine;
    case 'retirement':
      return shape.retired.data.machine;
    case 'release':
      return shape.released.data.machine;
    default:
      return undefined;
  }
};

const batchOf = (placed: readonly Placed[]): Batch => {
  const [{ unit }] = placed as readonly [Placed];
  const machines = new Set(placed.flatMap((each) => machineOf(each) ?? []));
  return { head: headBefore(unit), recordedAtMs: unit[0].row.recordedAtMs, placed, events: placed.reduce((sum, each) => sum + each.unit.length, 0), machines };
};

const joined = (batch: Batch, placed: Placed): Batch => {
  const machine = machineOf(placed);
  (batch.placed as Placed[]).push(placed);
  if (machine !== undefined) (batch.machines as Set<string>).add(machine);
  return { ...batch, events: batch.events + placed.unit.length };
};

/** Where the units that may have been a batch of their own begin, if the next unit's head says that they were. */
const splitAt = ({ placed, head }: Batch, stated: number): number => {
  const at = placed.findIndex(({ unit }) => headBefore(unit) === stated);
  return at > 0 && placed.slice(at).every((each) => each.stated !== head) ? at : -1;
};

const isAnother = (open: Batch, placed: Placed): boolean => {
  const { unit, shape, stated } = placed;
  if (unit[0].row.recordedAtMs !== open.recordedAtMs || open.events + unit.length > BATCH_EVENTS_MAX) return true;
  if (stated !== undefined) return stated !== open.head && stated === headBefore(unit);
  return shape.kind === 'retirement' && open.machines.has(shape.retired.data.machine);
};

/** Puts the next unit where it belongs. */
export const gather = (open: Batch | undefined, placed: Placed): Gathered => {
  if (open === undefined) return { complete: [], open: batchOf([placed]) };
  if (isAnother(open, placed)) return { complete: [open], open: batchOf([placed]) };
  const at = placed.stated === undefined || placed.stated === open.head ? -1 : splitAt(open, placed.stated);
  if (at === -1) return { complete: [], open: joined(open, placed) };
  return { complete: [batchOf(open.placed.slice(0, at))], open: batchOf([...open.placed.slice(at), placed]) };
};

export const place = (unit: Unit, shape: Shape): Placed => ({ unit, shape, stated: statedHeadOf(unit) });
