interface PageOptions<Entry> {
  /** Unique; pages are in its order. */
  readonly keyOf: (entry: Entry) => string;
  readonly wanted: (entry: Entry) => boolean;
  readonly limit: number;
  readonly after: string | undefined;
}

/**
 * The `limit` entries with the smallest keys above `after`, without sorting all of them: one pass, so that a page of a hundred thousand holders
 * costs milliseconds beside the decisions that the same process makes. A page begins where the one before ended, whatever came or went meanwhile.
 */
export const pageOf = <Entry>(candidates: Iterable<Entry>, { keyOf, wanted, limit, after = '' }: PageOptions<Entry>): { readonly entries: readonly Entry[]; readonly next?: string } => {
  const found: { readonly key: string; readonly entry: Entry }[] = [];
  let cut = false;
  for (const entry of candidates) {
    const key = keyOf(entry);
    if (key <= after || !wanted(entry)) continue;
    const last = found[limit - 1];
    if (last !== undefined) cut = true;
    if (last !== undefined && key >= last.key) continue;
    let low = 0;
    for (let high = found.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((found[middle]?.key ?? '') < key) low = middle + 1;
      else high = middle;
    }
    found.splice(low, 0, { key, entry });
    if (found.length > limit) found.pop();
  }
  const last = found.at(-1);
  return { entries: found.map(({ entry }) => entry), ...(cut && last !== undefined ? { next: last.key } : {}) };
};
