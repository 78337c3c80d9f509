/** What decisions need of a map: to look up one entry, and to put one. */
export interface Table<Entry> {
  get(key: string): Entry | undefined;
  set(key: string, entry: Entry): unknown;
  values(): Iterable<Entry>;
}

/** Entries put into it hide those of the table below, which stays as it is. */
export const overlay = <Entry>(below: Table<Entry>): Table<Entry> => {
  const own = new Map<string, Entry>();
  return {
    get: (key) => (own.has(key) ? own.get(key) : below.get(key)),
    set: (key, entry) => own.set(key, entry),
    // Nothing decides from a list; whoever lists, lists what is recorded.
    values: () => below.values(),
  };
};
