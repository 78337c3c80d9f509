import type { EndpointFacts } from '@muster/contracts';

const sameList = (one: readonly string[] | null, other: readonly string[] | null): boolean => {
  if (one === null || other === null) return one === other;
  const [here, there] = [new Set(one), new Set(other)];
  return here.size === there.size && one.every((name) => there.has(name));
};

/** Whether a gateway says the same of itself; in which order it names its sites and domains says nothing. */
export const sameFacts = (one: EndpointFacts, other: EndpointFacts): boolean =>
  one.target === other.target &&
  one.port === other.port &&
  one.scheme === other.scheme &&
  one.priority === other.priority &&
  one.weight === other.weight &&
  sameList(one.sites, other.sites) &&
  sameList(one.domains, other.domains);

/** As {@link sameFacts} compares them. */
export const sameDomains = sameList;
