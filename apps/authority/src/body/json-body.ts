import { Problem } from '@muster/kernel';
import type { HttpRequest } from '@muster/service';
import { isPrivate, malformedRequest } from '@muster/service';
import type { z } from 'zod';

/** The one type of body that the authority takes. */
export const JSON_TYPE = 'application/json';

/** A hundred requests of machines with their evidence, or the largest catalogue. */
export const BODY_BYTES_MAX = 512 * 1024;

/** @throws Problem `forbidden` without TLS, for a body may hold a key; `malformed-request`, whose detail quotes nothing of the body for the same reason */
export const jsonBodyOf = <T>(body: Buffer | undefined, request: HttpRequest, schema: z.ZodType<T>): T => {
  if (!isPrivate(request)) throw new Problem('forbidden', 'Keys are taken over TLS, or on the loopback of this machine. A key that was sent here without is to be revoked. Use https.', { extensions: { remedy: 'tls' } });
  const { headers } = request;
  if (body === undefined) throw new Problem('malformed-request', 'The request has no body.');
  if (headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== JSON_TYPE) throw new Problem('unsupported-media-type', `The body is to be ${JSON_TYPE}.`);
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
