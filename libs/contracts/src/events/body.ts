import type { DomainEvent, EventType } from './event-catalogue.js';
import { eventCatalogue, isEventType } from './event-catalogue.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
};

/** JSON with sorted members and no white space: the same fact gives the same text, whatever order it was built in. */
export const canonicalJson = (value: unknown): string => canonical(value as Json);

/** The exact bytes that are hashed and stored. */
export const encodeBody = (event: DomainEvent): Buffer => Buffer.from(canonicalJson(event.data), 'utf8');

/**
 * Reads a stored body as an event of its current version.
 *
 * @throws Error when the type is unknown, the version is not one that this build reads, or the body does not fit its schema
 */
export const decodeBody = (stored: { readonly type: string; readonly version: number; readonly body: Uint8Array }): DomainEvent => {
  if (!isEventType(stored.type)) throw new Error(`unknown event type ${stored.type}`);
  const entry = eventCatalogue[stored.type];
  if (stored.version !== entry.version) throw new Error(`${stored.type} version ${stored.version} is not readable by this build (it reads ${entry.version})`);
  const data: unknown = JSON.parse(Buffer.from(stored.body.buffer, stored.body.byteOffset, stored.body.byteLength).toString('utf8'));
  return { type: stored.type, data: entry.schema.parse(data) } as DomainEvent;
};

/** As {@link decodeBody}, for bodies that this deployment wrote and verified itself: parses without checking the schema again. */
export const decodeTrustedBody = (stored: { readonly type: string; readonly body: Uint8Array }): DomainEvent =>
  ({ type: stored.type as EventType, data: JSON.parse(Buffer.from(stored.body.buffer, stored.body.byteOffset, stored.body.byteLength).toString('utf8')) });
