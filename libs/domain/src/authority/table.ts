/** What decisions need of a map: to look up one entry, and to put one. */
export interface Table<Entry> {
  get(key: string): Entry | undefined;
  set(key: string, entry: Entry): unknown;
  keys(): Iterable<string>;
  /** All of them, in the order in which they were put: for lists, and for rules about all keys that were issued, never for millions of machines. */
  values(): Iterable<Entry>;
}

/** Entries put into it hide those of the table below, which stays as it is. */
export const overlay = <Entry>(below: Table<Entry>): Table<Entry> => {
  const own = new Map<string, Entry>();
  const get = (key: string): Entry | undefined => (own.has(key) ? own.get(key) : below.get(key));
  const keys = (): readonly string[] => [...new Set([...below.keys(), ...own.keys()])];
  return { get, set: (key, entry) => own.set(key, entry), keys, values: () => keys().map((key) => get(key) as Entry) };
};
