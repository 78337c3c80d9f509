import type { RecordedEvent } from '@muster/contracts';
import { eventCatalogue, isEventType } from '@muster/contracts';
import type { QueryConfig } from 'pg';
import type { ReadQuery } from '../event-store.port.js';
import type { Connections } from './connections.js';
import type { EventRow } from './event-row.js';
import { EVENT_COLUMNS, recordedEventOf } from './event-row.js';
import { machineBytes } from './machine-bytes.js';

/** Beyond every position. */
const NO_END = Number.MAX_SAFE_INTEGER;

const RANGE = 'e.ledger = $1 and e.position > $2 and e.position <= $3';
const IN_ORDER = 'order by position limit $4';

/** `ActivationRequested` is not in the index by kind (see the migration): asking for it must not look as if it were. */
const UNINDEXED_KIND = eventCatalogue.ActivationRequested.kind;

const kindsOf = (types: readonly string[]): readonly number[] => [...new Set(types.filter(isEventType).map((type) => eventCatalogue[type].kind))];

const byRange = (values: readonly unknown[]): QueryConfig => ({
  name: 'muster-read',
  text: `select ${EVENT_COLUMNS} from muster.events e where ${RANGE} ${IN_ORDER}`,
  values: [...values],
});

/** Each kind's index is in order of position by itself: the first of each are merged, and no more of them are read than asked for. */
const byKind = (values: readonly unknown[], kinds: readonly number[]): QueryConfig => {
  const one = (kind: number): string => {
    const indexed = kind === UNINDEXED_KIND ? '' : `and e.kind <> ${UNINDEXED_KIND}`;
    return `(select ${EVENT_COLUMNS} from muster.events e where ${RANGE} and e.kind = ${kind} ${indexed} ${IN_ORDER})`;
  };
  return { text: `select * from (${kinds.map(one).join(' union all ')}) as e ${IN_ORDER}`, values: [...values] };
};

/** One machine's events are few: they are found first, then narrowed and put in order. */
const byMachine = (values: readonly unknown[], machine: string, kinds: readonly number[] | undefined): QueryConfig => ({
  name: 'muster-read-machine',
  text: `
    with of_machine as materialized (select * from muster.events e where e.ledger = $1 and e.machine = $5)
    select ${EVENT_COLUMNS} from of_machine e where ${RANGE} and ($6::int2[] is null or e.kind = any($6)) ${IN_ORDER}`,
  values: [...values, machineBytes(machine), kinds ?? null],
});

const queryFor = ({ ledger, after, upTo = NO_END, limit, types, machine }: ReadQuery): QueryConfig | undefined => {
  const values = [ledger, after, upTo, limit];
  const kinds = types === undefined ? undefined : kindsOf(types);
  if (kinds?.length === 0) return undefined;
  if (machine !== undefined) return byMachine(values, machine, kinds);
  return kinds === undefined ? byRange(values) : byKind(values, kinds);
};

export const readEvents = async (connections: Connections, query: ReadQuery): Promise<readonly RecordedEvent[]> => {
  const statement = queryFor(query);
  if (statement === undefined) return [];
  return (await connections.query<EventRow>(statement)).rows.map(recordedEventOf);
};

export const readEventsAt = async (connections: Connections, ledger: string, positions: readonly number[]): Promise<readonly RecordedEvent[]> => {
  const text = `select ${EVENT_COLUMNS} from unnest($2::bigint[]) as p (position) join muster.events e on e.ledger = $1 and e.position = p.position`;
  const { rows } = await connections.query<EventRow>({ name: 'muster-read-at', text, values: [ledger, positions] });
  const found = new Map(rows.map(recordedEventOf).map((event) => [event.position, event]));
  return positions.map((position) => {
    const event = found.get(position);
    if (event === undefined) throw new Error(`ledger ${ledger} has no event at position ${position}`);
    return event;
  });
};
