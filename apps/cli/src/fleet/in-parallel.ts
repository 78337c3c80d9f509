/** Runs the work for each item in order, at most `concurrency` at a time, for as long as `goOn` says so. Rejects with the first failure. */
export const inParallel = async <Item>(
  items: readonly Item[],
  { concurrency, run, goOn = () => true }: { readonly concurrency: number; readonly run: (item: Item) => Promise<void>; readonly goOn?: () => boolean },
): Promise<void> => {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      await run(item);
      if (!goOn()) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
};
