import type { EventOf, HostCertificateClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';

/** A key that signs for the host, signed for it, or may one day. */
export interface HostSigningKey {
  readonly kid: string;
  /** The public key. */
  readonly x: string;
  /** The host key's word for it; null for a host key itself, for which the certificate speaks. */
  readonly delegation: string | null;
  /** Null for a host key, which its certificate announced. */
  readonly announcedAtMs: number | null;
  /** What became of it, once another key signed in its place. */
  readonly replaced: { readonly compromised: boolean; readonly repeatsUntilMs: number; readonly publishedUntilMs: number } | null;
}

export interface SigningKeys {
  /** The key that signs from here on. */
  readonly signing: string;
  readonly known: ReadonlyMap<string, HostSigningKey>;
}

/** No lease of a product runs longer, whenever it was issued. */
export const longestLeaseSeconds = ({ products }: Pick<HostCertificateClaims, 'products'>): number => Math.max(...products.map(({ leaseSeconds }) => leaseSeconds));

const hostKeyOf = ({ sub, cnf }: HostCertificateClaims): HostSigningKey => ({ kid: sub, x: cnf.jwk.x, delegation: null, announcedAtMs: null, replaced: null });

/** A host that was activated: its own key signs. */
export const keysOf = (claims: HostCertificateClaims): SigningKeys => ({ signing: claims.sub, known: new Map([[claims.sub, hostKeyOf(claims)]]) });

/**
 * A new certificate. For the same host key nothing changes about who signs. With another host key everything does: it knows nothing of the keys that the
 * one before vouched for, and repeats of what those signed are signed anew. They stay published while a lease of theirs can be good.
 */
export const certified = (keys: SigningKeys, { before, now }: { readonly before: HostCertificateClaims; readonly now: HostCertificateClaims }): SigningKeys => {
  if (before.sub === now.sub) return keys;
  const publishedUntilMs = (before.exp + before.renewalGraceSeconds + longestLeaseSeconds(before)) * SECOND_MS;
  // What was announced and never signed is of no use to anybody, and its private half is not to lie about.
  const replaced = [...keys.known.values()].map((key): HostSigningKey => {
    if (key.replaced !== null) return key;
    return { ...key, replaced: { compromised: false, repeatsUntilMs: 0, publishedUntilMs: key.kid === keys.signing ? publishedUntilMs : 0 } };
  });
  return { signing: now.sub, known: new Map([...replaced.map((key) => [key.kid, key] as const), [now.sub, hostKeyOf(now)]]) };
};

export const announced = (keys: SigningKeys, { data }: EventOf<'SigningKeyAnnounced'>): SigningKeys => {
  const key: HostSigningKey = { kid: data.kid, x: data.key, delegation: data.delegation, announcedAtMs: Date.parse(data.announcedAt), replaced: null };
  return { ...keys, known: new Map([...keys.known, [data.kid, key]]) };
};

/** What becomes of a key that lay beside one that got out. The host key lies elsewhere: whoever has that one has everything. */
const besideCompromised = (key: HostSigningKey, atMs: number): HostSigningKey => {
  if (key.delegation === null) return key;
  // Never used: void. Used and replaced: its public half verifies the leases of then, and nothing is signed with it again.
  if (key.replaced === null) return { ...key, replaced: { compromised: true, repeatsUntilMs: atMs, publishedUntilMs: atMs } };
  return { ...key, replaced: { ...key.replaced, repeatsUntilMs: Math.min(key.replaced.repeatsUntilMs, atMs) } };
};

export const changed = ({ known }: SigningKeys, { data }: EventOf<'SigningKeyChanged'>): SigningKeys => {
  const compromised = data.reason === 'compromise';
  const replaced = { compromised, repeatsUntilMs: Date.parse(data.repeatsUntil), publishedUntilMs: Date.parse(data.publishedUntil) };
  const keys = [...known.values()].map((key): HostSigningKey => {
    if (key.kid === data.previous) return { ...key, replaced };
    if (key.kid === data.kid) return { ...key, replaced: null };
    return compromised ? besideCompromised(key, Date.parse(data.changedAt)) : key;
  });
  return { signing: data.kid, known: new Map(keys.map((key) => [key.kid, key])) };
};
