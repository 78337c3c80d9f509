import type { MachineState } from '@muster/client';
import { newMachineState } from '@muster/client';
import type { Chance } from '../chance/chance.js';
import { createChance } from '../chance/chance.js';
import type { Span } from '../simulation-time.js';
import type { SpanWalk } from '../walk-spans.js';
import { walkSpans } from '../walk-spans.js';
import type { Habits } from './habits.js';
import { drawHabits } from './habits.js';
import type { Identity } from './identity.js';
import { makeIdentity } from './identity.js';

/** What kept a machine from renewing at its moment, since its latest lease. */
export interface Excuses {
  /** It slept, was out of reach, or an answer was lost on the way. */
  absent: boolean;
  /** A host that it asked was down. */
  hostDown: boolean;
  /** There were not enough machines. */
  deferred: boolean;
}

const noExcuses = (): Excuses => ({ absent: false, hostDown: false, deferred: false });

export interface SimulatedMachine {
  readonly index: number;
  readonly seed: number;
  readonly name: string;
  readonly product: string;
  readonly habits: Habits;
  readonly away: SpanWalk;
  readonly chance: Chance;
  identity: Identity;
  state: MachineState;
  excuses: Excuses;
  /** Since when this image runs; Infinity before it does. */
  installedMs: number;
  /** Raised when the machine plans anew: what was planned before is then ignored. */
  plan: number;
}

/** Servers ask for the product of servers: another threshold on the same count. */
const products = { server: 'acme.server', desktop: 'acme.workstation', laptop: 'acme.workstation' } as const;

const nameOf = (index: number, { kind }: Habits): string => `${kind}-${String(index + 1).padStart(5, '0')}`;

export const createMachine = ({ seed, index, run }: { readonly seed: number; readonly index: number; readonly run: Span }): SimulatedMachine => {
  const chance = createChance(seed, `machine ${index}`);
  const habits = drawHabits(chance, run);
  const product = products[habits.kind];
  return {
    index,
    seed,
    name: nameOf(index, habits),
    product,
    habits,
    away: walkSpans(habits.away),
    chance,
    identity: makeIdentity(seed, `${index}.0`, habits.virtual),
    state: newMachineState(product),
    excuses: noExcuses(),
    installedMs: Number.POSITIVE_INFINITY,
    plan: 0,
  };
};

/** A new image: a new key, and nothing remembered. */
export const install = (machine: SimulatedMachine, nowMs: number, image: number): void => {
  machine.identity = makeIdentity(machine.seed, `${machine.index}.${image}`, machine.habits.virtual);
  machine.state = newMachineState(machine.product);
  machine.excuses = noExcuses();
  machine.installedMs = nowMs;
};

export const forgetExcuses = (machine: SimulatedMachine): void => {
  machine.excuses = noExcuses();
};
