import type { CloudEvent, DomainEvent, LedgerAppended, RecordedEvent } from '@muster/contracts';
import { eventCatalogue, toCloudEvent, typedColumnsOf } from '@muster/contracts';
import type { EventType } from '@muster/contracts';
import type { ColumnsRow } from '../event-store.port.js';
import type { FollowedEvent } from './followed-fold.js';

/** A NATS message holds 1 MiB; a broadcast stays well below it, and beyond this is a hint without events. */
const BROADCAST_BYTES_MAX = 768 * 1024;

/** A CloudEvent's own members around the body: names, hashes, actor, ids, time. */
const CLOUD_EVENT_OVERHEAD_BYTES = 768;

/** What a writer broadcasts after a commit. @throws Error when there are no events */
export const toLedgerAppended = (events: readonly RecordedEvent[]): LedgerAppended => {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was appended');
  const bytes = events.reduce((sum, event) => sum + event.body.length + CLOUD_EVENT_OVERHEAD_BYTES, 0);
  return {
    ledger: first.ledger,
    first: first.position,
    last: last.position,
    ...(bytes > BROADCAST_BYTES_MAX ? {} : { events: events.map(toCloudEvent) }),
  };
};

/** Type attribute → event type, for the versions that this build reads. An older version is not broadcast: writers write the current one. */
const readable: ReadonlyMap<string, EventType> = new Map(
  (Object.keys(eventCatalogue) as EventType[]).map((type) => [`muster.${type}.v${eventCatalogue[type].version}`, type]),
);

const rowOf = (event: DomainEvent, { position, recordedAtMs }: Pick<ColumnsRow, 'position' | 'recordedAtMs'>): ColumnsRow => {
  const { kind, seen, pool, machine } = typedColumnsOf(event);
  return { position, recordedAtMs, kind, seen, pool, machine };
};

const toFollowed = (cloudEvent: CloudEvent): FollowedEvent | undefined => {
  const type = readable.get(cloudEvent.type);
  if (type === undefined) return undefined;
  const data = eventCatalogue[type].schema.safeParse(cloudEvent.data);
  const recordedAtMs = Date.parse(cloudEvent.time);
  if (!data.success || Number.isNaN(recordedAtMs)) return undefined;
  const event = { type, data: data.data } as DomainEvent;
  return { row: rowOf(event, { position: cloudEvent.position, recordedAtMs }), event };
};

/** Which events a fold looks at: all of them, or only the types that it reads whole. */
export type Wanted = 'all' | ReadonlySet<EventType>;

const isPassedOver = ({ type }: CloudEvent, wanted: Wanted): boolean => {
  const known = readable.get(type);
  return wanted !== 'all' && known !== undefined && !wanted.has(known);
};

/**
 * The wanted events of a broadcast in position order, each checked against its schema.
 *
 * `undefined` when it carries none, is not what it says (`first`…`last`, gapless), or holds an event that this build cannot read:
 * the message is then only a hint that the ledger has grown.
 */
export const followedEventsOf = (message: LedgerAppended, wanted: Wanted): readonly FollowedEvent[] | undefined => {
  if (message.events?.length !== message.last - message.first + 1) return undefined;
  const followed: FollowedEvent[] = [];
  for (const [index, cloudEvent] of message.events.entries()) {
    if (cloudEvent.position !== message.first + index) return undefined;
    if (isPassedOver(cloudEvent, wanted)) continue;
    const next = toFollowed(cloudEvent);
    if (next === undefined) return undefined;
    followed.push(next);
  }
  return followed;
};
