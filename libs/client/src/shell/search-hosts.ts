import type { HostAddress } from '../core/outcome.js';
import type { Discovery, HostSearch, SearchOptions } from './ports.js';

/** The hosts as they are: all at once, and nothing against any of them. */
const asGiven = (discovery: Discovery): HostSearch => {
  let told = false;
  return {
    ordered: false,
    next: async () => {
      if (told) return [];
      told = true;
      return discovery.hosts();
    },
    objectionTo: () => Promise.resolve(undefined),
    served: () => undefined,
    nobody: () => 'no host is known',
  };
};

/** A search that can be gone through again by what comes after the contact, without looking twice. */
export interface ContactSearch extends HostSearch {
  /** Every host there is: those that were asked already, then the others. */
  all(): Promise<readonly HostAddress[]>;
}

/** One contact's search. */
export const searchHosts = (discovery: Discovery, options: SearchOptions): ContactSearch => {
  const search = discovery.search?.(options) ?? asGiven(discovery);
  const named = new Set<HostAddress>();
  const next = async (): Promise<readonly HostAddress[]> => {
    const found = await search.next();
    for (const host of found) named.add(host);
    return found;
  };
  return {
    ...search,
    next,
    all: async () => {
      let found = await next();
      while (found.length > 0) found = await next();
      return [...named];
    },
  };
};
