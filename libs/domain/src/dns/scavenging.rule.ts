import type { Orphan } from './dns.plan.js';

/** The same for an orphan as long as nobody renews its claim. */
export const orphanKey = ({ write, renewedAtMs }: Orphan): string => `${write.claim.name} ${renewedAtMs}`;

/** The orphans that may go now: all that are due by order, else those that an earlier run reported already. */
export const orphansToGo = (orphans: readonly Orphan[], { nowMs, reported }: { readonly nowMs: number; readonly reported: ReadonlySet<string> | 'ordered' }): readonly Orphan[] =>
  orphans.filter((orphan) => nowMs >= orphan.dueAtMs && (reported === 'ordered' || reported.has(orphanKey(orphan))));
