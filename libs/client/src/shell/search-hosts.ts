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

/** One contact's search. */
export const searchHosts = (discovery: Discovery, options: SearchOptions): HostSearch => discovery.search?.(options) ?? asGiven(discovery);

/** Every host there is, the first ones first. */
export const allHosts = async (search: HostSearch): Promise<readonly HostAddress[]> => {
  const all = new Set<HostAddress>();
  for (let found = await search.next(); found.length > 0; found = await search.next()) for (const host of found) all.add(host);
  return [...all];
};
