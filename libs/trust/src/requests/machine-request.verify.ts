import { createPublicKey, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { Problem } from '@muster/kernel';
import type { z } from 'zod';
import { mayNameSomebody } from '../keys/ed25519-point.js';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { CompactJws } from '../tokens/compact-jws.js';
import { parseJsonBytes, splitCompact } from '../tokens/compact-jws.js';
import { firstIssueOf } from '../tokens/schema-issue.js';

/** A request whose machine is known to have signed it. Whether it is fresh is for the service that decides it to say. */
export interface VerifiedRequest<Payload> {
  /** The machine id: thumbprint of the key that signed. */
  readonly machine: string;
  readonly payload: Payload;
  /** SHA-256 over what decides. */
  readonly contentDigest: string;
}

/** What tells one kind of request from another; everything else about verifying them is the same. */
export interface RequestKind<Payload> {
  readonly headerSchema: z.ZodType<{ readonly jwk: PublicJwk }>;
  readonly payloadSchema: z.ZodType<Payload>;
  readonly digest: (payload: Payload) => string;
}

/**
 * `node:crypto` instead of `jose`: this is the one signature checked on every request, and the greatest single cost of serving it.
 * Measured on 2 cores of Node 20.20, key import included: jose's compactVerify alone 8,900 a second and 178 µs of processor time each,
 * all of `verifyActivationRequest` 13,200 and 140 µs, the bare check 15,600 and 125 µs. `bench/verify.bench.mjs` repeats the measurement.
 * In libuv's threads, so that the event loop of the gateway stays free for HTTP; on busy cores that costs 3 % over the synchronous call.
 * The key is imported as a JWK: the DER form of the same 32 bytes takes 90 µs instead of 6.
 */
const verifyEd25519 = promisify(verify);

const malformed = (detail: string, pointer?: string): Problem => new Problem('malformed-request', detail, pointer === undefined ? {} : { extensions: { pointer } });

const notSigned = (): Problem => new Problem('signature-invalid', "The signature does not verify under the key in the request's header.");

const parsePart = <T>(part: 'header' | 'payload', bytes: Buffer, schema: z.ZodType<T>): T => {
  let value: unknown;
  try {
    value = parseJsonBytes(bytes);
  } catch {
    throw malformed(`The ${part} of the request is not JSON in UTF-8.`, `/${part}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = firstIssueOf(parsed.error);
  const pointer = `/${part}${issue.pointer}`;
  throw malformed(`${pointer}: ${issue.message}`, pointer);
};

const holds = async (key: PublicJwk, { signed, signature }: CompactJws): Promise<boolean> => {
  if (!mayNameSomebody(Buffer.from(key.x, 'base64url'))) return false;
  try {
    return await verifyEd25519(null, signed, createPublicKey({ key, format: 'jwk' }), signature);
  } catch {
    return false;
  }
};

/** A request opened: whose key signed which payload. */
export interface OpenedRequest<Payload> {
  readonly jwk: PublicJwk;
  readonly payload: Payload;
}

/**
 * Opens a request of one kind, which brings along the key that it is signed with: form, schema, signature.
 *
 * @param token the compact JWS; its size is bounded by whoever received it (`REQUEST_BYTES_MAX`)
 * @throws Problem `malformed-request` (extension `pointer`: the failing member) or `signature-invalid`
 */
export const openRequest = async <Payload>(
  token: string | Uint8Array,
  { headerSchema, payloadSchema }: Pick<RequestKind<Payload>, 'headerSchema' | 'payloadSchema'>,
): Promise<OpenedRequest<Payload>> => {
  const text = typeof token === 'string' ? token : Buffer.from(token.buffer, token.byteOffset, token.byteLength).toString('latin1');
  const parts = splitCompact(text);
  if (parts === undefined) throw malformed('The request is not a compact JWS: three parts of unpadded base64url, joined by dots.');
  const { jwk } = parsePart('header', parts.header, headerSchema);
  const payload = parsePart('payload', parts.payload, payloadSchema);
  if (!(await holds(jwk, parts))) throw notSigned();
  return { jwk, payload };
};

/** Verifies a machine's request of one kind as it came from the wire. Freshness is not judged here. @throws as {@link openRequest} */
export const verifyRequest = async <Payload>(token: string | Uint8Array, kind: RequestKind<Payload>): Promise<VerifiedRequest<Payload>> => {
  const { jwk, payload } = await openRequest(token, kind);
  return { machine: thumbprintOf(jwk), payload, contentDigest: kind.digest(payload) };
};
