import { assertMediaType, type HttpRequest } from '@muster/service';

/** What a machine's request comes as; an administrator's order is JSON. */
export const JOSE = 'application/jose';

/** A machine's signed request, as it came. @throws Problem `unsupported-media-type` */
export const signedRequestOf = (body: Buffer | undefined, request: HttpRequest): Buffer => {
  if (body === undefined) return Buffer.alloc(0);
  assertMediaType(request, JOSE);
  return body;
};
