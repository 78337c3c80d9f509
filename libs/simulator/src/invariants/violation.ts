/** What must hold in every run. */
export type Invariant =
  | 'no lease below the threshold'
  | 'a lease expires once, after its end'
  | 'the count is what a naive recount gives'
  | 'a punctual machine keeps its reserve'
  | 'no machine in reach comes below half its lease'
  | 'every machine that reaches a host recovers';

/** Where in a run it was: the same seed gets there again. */
export interface Whereabouts {
  readonly seed: number;
  readonly step: number;
  readonly atMs: number;
}

export interface Breach {
  readonly invariant: Invariant;
  readonly machine: string;
  readonly detail: string;
}

/** An invariant does not hold. */
export class InvariantViolation extends Error {
  readonly breach: Breach;
  readonly whereabouts: Whereabouts | undefined;

  constructor(breach: Breach, whereabouts?: Whereabouts) {
    const where = whereabouts === undefined ? '' : ` (seed ${whereabouts.seed}, step ${whereabouts.step}, ${new Date(whereabouts.atMs).toISOString()}, machine ${breach.machine})`;
    super(`broken: ${breach.invariant}${where}: ${breach.detail}`);
    this.name = 'InvariantViolation';
    this.breach = breach;
    this.whereabouts = whereabouts;
  }

  at(whereabouts: Whereabouts): InvariantViolation {
    return new InvariantViolation(this.breach, whereabouts);
  }
}
