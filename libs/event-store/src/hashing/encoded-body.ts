import type { DomainEvent } from '@muster/contracts';
import { encodeBody } from '@muster/contracts';

const encoded = new WeakMap<DomainEvent, Buffer>();

/** The event's body, encoded once: a writer measures it before it is sealed, and a batch that lost its head is sealed again. */
export const encodedBody = (event: DomainEvent): Buffer => {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const body = encodeBody(event);
  encoded.set(event, body);
  return body;
};
