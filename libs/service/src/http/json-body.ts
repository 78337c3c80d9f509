import { Problem } from '@muster/kernel';
import type { z } from 'zod';
import type { HttpRequest } from './http-message.js';
import { malformedRequest } from './problem-validation.pipe.js';

export const JSON_TYPE = 'application/json';

/** @throws Problem `unsupported-media-type` */
export const assertMediaType = ({ headers }: HttpRequest, expected: string): void => {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== expected) throw new Problem('unsupported-media-type', `The body is to be ${expected}, not ${type ?? 'of no type'}.`);
};

/** @throws Problem `unsupported-media-type`; `malformed-request`, whose detail quotes nothing of the body, for it may hold a secret */
export const jsonBodyOf = <T>(body: Buffer | undefined, request: HttpRequest, schema: z.ZodType<T>): T => {
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
