import { dnsDomain, serviceNameOf, siteServiceNameOf } from '@muster/contracts';

/** Each domain is two questions where a site is set; more than an organisation searches. */
export const DOMAINS_MAX = 16;

/** Above this nothing is an organisation's own: `example` holds everybody's `corp.example`. */
const LABELS_MIN = 2;

const normal = (text: string): string => text.trim().toLowerCase().replace(/\.$/, '');

const labelsIn = (domain: string): readonly string[] => domain.split('.');

/** The domains above it, the nearest first, down to two labels. */
export const parentsOf = (domain: string): readonly string[] => {
  const labels = labelsIn(domain);
  return labels.slice(1, 1 - LABELS_MIN).map((_label, above) => labels.slice(above + 1).join('.'));
};

/** Those given, then, if that is wanted, those above them. @throws Error when one is no domain name */
export const domainsToSearch = (given: readonly string[], { searchParents = false }: { readonly searchParents?: boolean } = {}): readonly string[] => {
  const domains = given.map(normal);
  const wrong = domains.find((domain) => !dnsDomain.safeParse(domain).success);
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} is not the name of a domain, such as corp.example`);
  return [...new Set([...domains, ...(searchParents ? domains.flatMap(parentsOf) : [])])].slice(0, DOMAINS_MAX);
};

/** `search` and `domain` of resolv.conf: the last of them counts (resolv.conf(5)). */
const searchedBy = (resolvConf: string): readonly string[] => {
  const lines = resolvConf.split('\n').flatMap((line) => /^\s*(?:search|domain)\s+(.*)/.exec(line)?.[1] ?? []);
  return lines.at(-1)?.split(/\s+/).filter((word) => word !== '') ?? [];
};

/** The domain that the machine's own name says, else those that its resolver searches. Never one label alone, which nobody owns: that one has to be given. */
export const ownDomains = ({ hostname, resolvConf }: { readonly hostname: string; readonly resolvConf: string }): readonly string[] => {
  const named = labelsIn(normal(hostname)).slice(1).join('.');
  const found = named === '' ? searchedBy(resolvConf).map(normal) : [named];
  return [...new Set(found)].filter((domain) => labelsIn(domain).length >= LABELS_MIN && dnsDomain.safeParse(domain).success).slice(0, DOMAINS_MAX);
};

/** Where to look, in this order: the site's name in every domain, then every domain's own. */
export const namesToSearch = ({ domains, site, label }: { readonly domains: readonly string[]; readonly site: string | undefined; readonly label: string }): readonly string[] => [
  ...(site === undefined ? [] : domains.map((domain) => siteServiceNameOf(label, site, domain))),
  ...domains.map((domain) => serviceNameOf(label, domain)),
];
