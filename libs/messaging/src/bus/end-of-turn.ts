let ending: Promise<void> | undefined;

/**
 * Settles at the end of this turn of the event loop, for everybody who waits in it at once.
 *
 * The client sends what was published within one run of microtasks in one write. Signatures that come back from the thread pool are each a run of their
 * own: messages that wait for the end of the turn leave together, which under load saves a system call here and a read at the other end for most of them.
 * With nothing else to do a turn ends at once.
 */
export const endOfTurn = (): Promise<void> =>
  (ending ??= new Promise((resolve) => {
    setImmediate(() => {
      ending = undefined;
      resolve();
    });
  }));
