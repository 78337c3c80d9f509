import type { DomainEvent } from '@muster/contracts';
import type { Rejection } from '@muster/domain';
import type { Decision, NewEvent } from '@muster/event-store';
import { Problem } from '@muster/kernel';

/** Events of one command, the first of which caused the others. */
export const asNewEvents = (events: readonly DomainEvent[], { actor, requestId }: { readonly actor: string; readonly requestId: string | null }): readonly NewEvent[] =>
  events.map((event, index) => ({ event, actor, requestId, causedByPrevious: index > 0 }));

/** A rejection as its client is told it. */
export const refuse = <Answer>({ kind, detail, extensions = {}, retryAfterSeconds }: Rejection): Decision<Answer> => ({
  kind: 'refuse',
  problem: new Problem(kind, detail, { extensions, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }),
});
