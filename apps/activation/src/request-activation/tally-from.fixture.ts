import type { TallyAnswer, TallyRequest } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import { applyPolicies, applyRow, initialCountingState, tally } from '@muster/domain';
import type { EventStore } from '@muster/event-store';

/** As the counting service answers: for exactly the head asked for, from the ledger alone. */
export const tallyFrom =
  (store: EventStore) =>
  async ({ ledger, head, nowMs, arrivals }: TallyRequest): Promise<TallyAnswer> => {
    const current = await store.head(ledger);
    if (current.position !== head) return { status: 'moved', head: current.position };
    const state = initialCountingState();
    for (const recorded of await store.read({ ledger, after: 0, limit: 10_000 })) {
      const event = decodeBody(recorded);
      if (event.type === 'HostActivated') applyPolicies(state, event.data.claims, recorded.recordedAtMs);
      applyRow(state, { recordedAtMs: recorded.recordedAtMs, ...recorded.columns });
    }
    return { status: 'tallied', counts: [...tally(state, arrivals, nowMs)] };
  };
