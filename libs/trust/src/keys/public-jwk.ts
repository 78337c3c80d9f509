import { createHash } from 'node:crypto';
import { activationRequestHeaderSchema } from '@muster/contracts';
import type { z } from 'zod';

/** Exactly `kty`, `crv` and `x`: an Ed25519 public key (RFC 8037 section 2) with nothing beside it. */
export const publicJwkSchema = activationRequestHeaderSchema.shape.jwk;

export type PublicJwk = Readonly<z.infer<typeof publicJwkSchema>>;

/**
 * The RFC 7638 SHA-256 thumbprint: the name of whoever holds the key.
 *
 * Written out, because `jose` has it asynchronous only and this runs once a request; the tests hold it against `jose`.
 */
export const thumbprintOf = ({ x }: PublicJwk): string => createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');

/** A JWK set (RFC 7517 section 5) of keys that sign here, each under its thumbprint. */
export const jwkSetOf = (keys: readonly PublicJwk[]) => ({
  keys: keys.map(({ kty, crv, x }) => ({ kty, crv, x, kid: thumbprintOf({ kty, crv, x }), alg: 'EdDSA' as const, use: 'sig' as const })),
});
