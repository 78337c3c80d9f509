import { createHash } from 'node:crypto';
import type { Role } from '@muster/contracts';

/** What a token's hash is known as. */
export type Identification =
  | { readonly status: 'known'; readonly tokenId: string; readonly role: Role; readonly expiresAtMs: number | null }
  | { readonly status: 'revoked' }
  | { readonly status: 'unknown' };

/** Whose token is this, by its hash? The port that the access guard asks. */
export interface TokenIdentifier {
  /**
   * @param tokenHash SHA-256 of the token, base64url
   * @throws Problem `unavailable` when nobody can tell now
   */
  identify(tokenHash: string, traceparent?: string): Promise<Identification>;
}

export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** A prefix of the hash tells one bootstrap token from another in the ledger, and is no use to whoever reads it there. */
const NAMED_BY = 12;

/** The one token that a deployment is started with: an admin's, without end, gone when the configuration names another. */
export const bootstrapIdentifier = (bootstrapHash: string): TokenIdentifier => {
  const identification: Identification = { status: 'known', tokenId: bootstrapHash.slice(0, NAMED_BY), role: 'admin', expiresAtMs: null };
  const unknown: Identification = { status: 'unknown' };
  // What is compared are hashes: how long it takes says nothing about the token.
  return { identify: (tokenHash) => Promise.resolve(tokenHash === bootstrapHash ? identification : unknown) };
};

/** Asks one after another until one knows the token. */
export const firstToKnow = (...identifiers: readonly TokenIdentifier[]): TokenIdentifier => ({
  identify: async (tokenHash, traceparent) => {
    let last: Identification = { status: 'unknown' };
    for (const identifier of identifiers) {
      last = await identifier.identify(tokenHash, traceparent);
      if (last.status !== 'unknown') return last;
    }
    return last;
  },
});
