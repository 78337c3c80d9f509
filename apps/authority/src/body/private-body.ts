import { Problem } from '@muster/kernel';
import type { HttpRequest } from '@muster/service';
import { isPrivate, jsonBodyOf } from '@muster/service';
import type { z } from 'zod';

/** A hundred requests of machines with their evidence, or the largest catalogue. */
export const BODY_BYTES_MAX = 512 * 1024;

/** A JSON body, which may hold a key. @throws Problem `forbidden` without TLS, and what `jsonBodyOf` throws */
export const privateBodyOf = <T>(body: Buffer | undefined, request: HttpRequest, schema: z.ZodType<T>): T => {
  if (!isPrivate(request)) throw new Problem('forbidden', 'Keys are taken over TLS, or on the loopback of this machine. A key that was sent here without is to be revoked. Use https.', { extensions: { remedy: 'tls' } });
  return jsonBodyOf(body, request, schema);
};
