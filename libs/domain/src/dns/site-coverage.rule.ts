import type { DnsSite } from './dns.policy.js';

/** Who serves a site: its own, else those of the first site that covers it and has any. */
export const servingSite = <Member>({ name, coveredBy }: DnsSite, membersOf: (site: string) => readonly Member[]): readonly Member[] =>
  [name, ...coveredBy].map(membersOf).find((members) => members.length > 0) ?? [];
