import { encodedBody } from '../hashing/encoded-body.js';
import type { NewEvent, NewRequest, PersonalData } from '../event-store.port.js';
import type { PendingCommand } from './pending-command.js';
import type { Decision } from './writer.types.js';

/** Two events a command for a full batch of commands; one commit stays under 5 ms (measured 88,000 rows a second). */
export const BATCH_EVENTS_MAX = 512;

/** Bodies of one commit: what one statement and its write-ahead log take in stride. */
export const BATCH_BYTES_MAX = 1024 * 1024;

export interface DecidedCommand<Command, Answer> {
  readonly pending: PendingCommand<Command, Answer>;
  readonly decision: Decision<Answer>;
  /** Where this command's events begin among those of the plan. */
  readonly offset: number;
}

/** What one commit takes of a round, and what is left for the next. */
export interface AppendPlan<Command, Answer> {
  readonly decided: readonly DecidedCommand<Command, Answer>[];
  readonly left: readonly PendingCommand<Command, Answer>[];
  readonly events: readonly NewEvent[];
  readonly requests: readonly NewRequest[];
  readonly personal: readonly PersonalData[];
}

const bytesOf = (events: readonly NewEvent[]): number => events.reduce((sum, { event }) => sum + encodedBody(event).length, 0);

/**
 * The longest beginning of a round that fits one commit: at least one command, and never a later one without those before it, because
 * each decision may rest on the ones before.
 */
export const planAppend = <Command, Answer>(
  round: readonly PendingCommand<Command, Answer>[],
  decisions: readonly Decision<Answer>[],
): AppendPlan<Command, Answer> => {
  if (decisions.length !== round.length) throw new Error(`${round.length} commands, ${decisions.length} decisions`);
  const decided: DecidedCommand<Command, Answer>[] = [];
  const events: NewEvent[] = [];
  const requests: NewRequest[] = [];
  const personal: PersonalData[] = [];
  let bytes = 0;
  for (const [index, pending] of round.entries()) {
    const decision = decisions[index] as Decision<Answer>;
    const offset = events.length;
    if (decision.kind === 'record') {
      if (decision.events[decision.outcomeIndex] === undefined) throw new Error(`no event at outcome index ${decision.outcomeIndex}`);
      bytes += bytesOf(decision.events);
      const fits = offset + decision.events.length <= BATCH_EVENTS_MAX && bytes <= BATCH_BYTES_MAX;
      if (!fits && offset > 0) return { decided, left: round.slice(index), events, requests, personal };
      events.push(...decision.events);
      if (pending.identity !== null && decision.remembered !== false) requests.push({ ...pending.identity, outcomeIndex: offset + decision.outcomeIndex });
      if (decision.personal !== undefined) personal.push(decision.personal);
    }
    decided.push({ pending, decision, offset });
  }
  return { decided, left: [], events, requests, personal };
};
