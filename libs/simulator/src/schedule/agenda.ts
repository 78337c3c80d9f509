/** What is to happen, by time; what is set for the same moment happens in the order in which it was set. */
export interface Agenda<Item> {
  readonly set: (atMs: number, item: Item) => void;
  /** Takes the next item, up to and including `untilMs`. */
  readonly next: (untilMs: number) => { readonly atMs: number; readonly item: Item } | undefined;
  readonly size: number;
}

interface Entry<Item> {
  readonly atMs: number;
  readonly turn: number;
  readonly item: Item;
}

const isBefore = (one: Entry<unknown>, other: Entry<unknown>): boolean => one.atMs < other.atMs || (one.atMs === other.atMs && one.turn < other.turn);

/** A binary heap. */
export const createAgenda = <Item>(): Agenda<Item> => {
  const heap: Entry<Item>[] = [];
  let turns = 0;

  const at = (index: number): Entry<Item> => heap[index] as Entry<Item>;
  const rise = (entry: Entry<Item>): void => {
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, at(parent))) break;
      heap[index] = at(parent);
      index = parent;
    }
    heap[index] = entry;
  };
  const sink = (entry: Entry<Item>): void => {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(at(child + 1), at(child))) child += 1;
      if (!isBefore(at(child), entry)) break;
      heap[index] = at(child);
      index = child;
    }
    heap[index] = entry;
  };

  return {
    set: (atMs, item) => rise({ atMs, turn: turns++, item }),
    next: (untilMs) => {
      const first = heap[0];
      if (first === undefined || first.atMs > untilMs) return undefined;
      const last = heap.pop() as Entry<Item>;
      if (heap.length > 0) sink(last);
      return first;
    },
    get size() {
      return heap.length;
    },
  };
};
