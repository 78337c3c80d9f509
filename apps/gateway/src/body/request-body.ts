import { Problem } from '@muster/kernel';
import type { HttpRequest } from '@muster/service';
import { malformedRequest } from '@muster/service';
import type { z } from 'zod';

/** What the gateway takes at all; each route takes one of them. */
export const JOSE = 'application/jose';
export const JSON_TYPE = 'application/json';

const assertMediaType = ({ headers }: HttpRequest, expected: string): void => {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== expected) throw new Problem('unsupported-media-type', `The body is to be ${expected}, not ${type ?? 'of no type'}.`);
};

/** A machine's signed request, as it came. @throws Problem `unsupported-media-type` */
export const signedRequestOf = (body: Buffer | undefined, request: HttpRequest): Buffer => {
  if (body === undefined) return Buffer.alloc(0);
  assertMediaType(request, JOSE);
  return body;
};

/** An administrator's order. @throws Problem `unsupported-media-type`, `malformed-request` */
export const orderOf = <T>(body: Buffer | undefined, request: HttpRequest, schema: z.ZodType<T>): T => {
  if (body === undefined) throw new Problem('malformed-request', 'The request has no body.');
  assertMediaType(request, JSON_TYPE);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Problem('malformed-request', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw malformedRequest(parsed.error.issues);
  return parsed.data;
};
