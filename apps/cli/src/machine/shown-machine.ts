import type { LeaseCheck } from './lease-check.js';
import type { LastAnswer } from './machine-dir.js';

export interface ShownProduct {
  readonly product: string;
  readonly lease: LeaseCheck | { readonly status: 'none' };
  readonly lastAnswer: LastAnswer | undefined;
  /** A request whose outcome is not known; the next `activate` repeats it. */
  readonly pendingRequestId: string | undefined;
}

/** What `muster machine show` shows; its JSON is this object. */
export interface ShownMachine {
  readonly machine: string;
  readonly dir: string;
  readonly products: readonly ShownProduct[];
}
