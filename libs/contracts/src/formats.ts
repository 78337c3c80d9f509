import { z } from 'zod';

/** Unpadded base64url of 32 bytes: a SHA-256 digest or an Ed25519 public key. */
export const base64url32 = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, '43 characters of base64url (32 bytes)');

/** RFC 7638 SHA-256 thumbprint of an Ed25519 public key: names a machine or a host. */
export const thumbprint = base64url32;

/** RFC 9562 in its canonical lower-case form, so that one id has one spelling. */
export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'a lower-case UUID');

/** Names of products, pools and groups: `acme.workstation`. */
export const dottedName = z.string().max(128).regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'lower-case letters and digits, joined by dots or hyphens');

/** RFC 3339, UTC, milliseconds: the only form of an instant on the wire and in events. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'an RFC 3339 instant in UTC with milliseconds');

/** A place in a ledger, from 1; 0 is the head of an empty ledger. */
export const position = z.int().nonnegative();

export const durationSeconds = z.int().positive();

/** When to renew, counted from the moment the lease was issued: the client draws its own moment inside. */
export const renewalWindowSchema = z.strictObject({ opensAfterSeconds: durationSeconds, closesAfterSeconds: durationSeconds });
export type RenewalWindow = Readonly<z.infer<typeof renewalWindowSchema>>;

/** JOSE NumericDate in whole seconds. */
export const numericDate = z.int().nonnegative();

/** Three base64url parts: a compact JWS (RFC 7515 section 7.1), unverified. */
export const compactJws = z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'a compact JWS');

/** Unpadded base64url of an Ed25519 signature. */
export const base64url64 = z.string().regex(/^[A-Za-z0-9_-]{85}[AQgw]$/, '86 characters of base64url (64 bytes)');
