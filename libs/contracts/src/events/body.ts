import type { DomainEvent, EventType } from './event-catalogue.js';
import { eventCatalogue, isEventType } from './event-catalogue.js';

/** Objects keep array indices in numeric order before all other members, and `__proto__` is no member at all. */
const UNSORTABLE = /^(__proto__|0|[1-9]\d{0,9})$/;

/** A copy whose members are in the order of their names, at every depth; `JSON.stringify` keeps that order. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    if (UNSORTABLE.test(key)) throw new Error(`canonical JSON has no member named ${key}`);
    copy[key] = sorted((value as Record<string, unknown>)[key]);
  }
  return copy;
};

/** JSON with sorted members and no white space: the same fact gives the same text, whatever order it was built in. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

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
  ({ type: stored.type as EventType, data: JSON.parse(Buffer.from(stored.body.buffer, stored.body.byteOffset, stored.body.byteLength).toString('utf8')) as unknown }) as DomainEvent;
