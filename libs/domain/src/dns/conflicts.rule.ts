import type { DnsConflict, EventOf } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { DnsState } from './dns.state.js';
import { standKey } from './dns.state.js';
import { ownerOf } from './ownership.rule.js';
import type { Stand } from './stands.js';
import { foundText } from './stands.js';

/** The claims that are in our way, and those of them that the ledger does not know. */
export const conflictsOf = (
  stands: readonly Stand[],
  { state, domain }: { readonly state: DnsState; readonly domain: string },
): { readonly conflicts: readonly DnsConflict[]; readonly newConflicts: readonly EventOf<'DnsConflictDetected'>[] } => {
  const published = new Set([...state.published.values()].map(standKey));
  const inOurWay = stands.filter(({ endpoint, wanted, found, mayChange }) => !mayChange && (wanted.length > 0 || (found.length > 0 && published.has(standKey({ domain, endpoint })))));
  const all = inOurWay.map((stand) => {
    const { endpoint } = stand;
    const [owner, found] = [ownerOf(stand.holder), foundText(stand)];
    const known = state.conflicts.get(standKey({ domain, endpoint }));
    const isKnown = known !== undefined && known.owner === owner && known.found === found;
    return { conflict: { endpoint, owner, found, since: isKnown ? toInstant(known.sinceMs) : null }, isKnown };
  });
  return {
    conflicts: all.map(({ conflict }) => conflict),
    newConflicts: all
      .filter(({ isKnown }) => !isKnown)
      .map(({ conflict: { endpoint, owner, found } }) => ({ type: 'DnsConflictDetected', data: { endpoint, domain, owner, found } })),
  };
};
