/** A fleet's leases rest on a handful of links: some hosts, each with a few certificates and signing keys. More than that only costs time. */
const LINKS_REMEMBERED_MAX = 64;

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
};

/**
 * Verifies the links of a chain once, and not again for every lease that brings them along.
 *
 * Safe, because what it wraps depends on nothing but its arguments (validity at a moment is judged elsewhere), all of which are in the key;
 * because only what verified is remembered, so that strangers cannot push it out; and because nobody can change what is handed out.
 *
 * @param keyOf texts that together say everything the verification depends on
 */
export const rememberVerified = <Args extends readonly unknown[], Result>(verify: (...args: Args) => Promise<Result>, keyOf: (...args: Args) => readonly string[]) => {
  const remembered = new Map<string, Result>();
  return async (...args: Args): Promise<Result> => {
    // No part of a JWS or of a JWK has a blank in it.
    const key = keyOf(...args).join(' ');
    const known = remembered.get(key);
    const result = known ?? freeze(await verify(...args));
    // Taken out and put back, so that the first one in is the one that was used least lately.
    remembered.delete(key);
    remembered.set(key, result);
    const [oldest] = remembered.keys();
    if (remembered.size > LINKS_REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
    return result;
  };
};
