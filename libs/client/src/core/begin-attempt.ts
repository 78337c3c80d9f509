import type { Draws } from '@muster/kernel';
import type { MachineState, Wish, WishKind } from './machine-state.js';
import { observeTime } from './machine-time.js';
import { intendedAction } from './next-action.js';

export interface AttemptOptions {
  readonly nowMs: number;
  readonly draws: Pick<Draws, 'uuid'>;
  /** What is asked for; what the state intends when not given. */
  readonly kind?: WishKind;
  /** Whether the machine says that it is virtual: another answer is another request. */
  readonly virtual?: boolean;
  /** Digest of what an activation shows besides: other evidence, or another enrolment, is another request too. */
  readonly shows?: string | undefined;
}

export type WishingState = MachineState & { readonly wish: Wish };

/**
 * The state with the request to send, to be stored before it is sent.
 *
 * A request whose outcome is not known is sent again under its id when it asks for the same: a new id would count as a second request,
 * the old id for something else would be a conflict.
 */
export const beginAttempt = (state: MachineState, { nowMs, draws, kind, virtual, shows }: AttemptOptions): WishingState => {
  const intended = intendedAction(state, nowMs).type === 'renew' ? 'renewal' : 'activation';
  const asked = kind ?? intended;
  const { wish, lease } = state;
  const says = virtual ?? null;
  const shown = asked === 'activation' ? shows : undefined;
  const repeats = wish !== null && wish.kind === asked && wish.virtual === says && wish.shows === shown && wish.lease?.leaseId === lease?.leaseId;
  const seen = observeTime(state, nowMs);
  // Whoever asks for a lease again after a release wants it looked after again.
  const observed: MachineState = asked === 'activation' && seen.intent === 'rest' ? { ...seen, intent: 'activate' } : seen;
  if (repeats) return { ...observed, wish };
  const drawnForMs = asked === 'renewal' ? state.drawnForMs : null;
  return { ...observed, wish: { kind: asked, requestId: draws.uuid(), lease, drawnForMs, virtual: says, ...(shown === undefined ? {} : { shows: shown }), madeAtMs: nowMs } };
};
