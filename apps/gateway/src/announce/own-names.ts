import { dnsTarget } from '@muster/contracts';

/** What a machine says of its own name. Empty texts where it has no such files. */
export interface OwnNameSources {
  readonly hostname: string;
  /** `/etc/hosts` */
  readonly hosts: string;
  /** `/etc/resolv.conf` */
  readonly resolvConf: string;
}

const wordsOf = (line: string): readonly string[] =>
  line
    .replace(/[#;].*$/, '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');

/** The first name of the line that has this one among its names, as `hostname -f` reads it. */
const canonicalName = (hosts: string, hostname: string): string | undefined =>
  hosts
    .split('\n')
    .map((line) => wordsOf(line).slice(1))
    .find((names) => names.includes(hostname))?.[0];

/** The last of them counts, as the system's own resolver has it. */
const searchDomains = (resolvConf: string): readonly string[] =>
  resolvConf
    .split('\n')
    .map(wordsOf)
    .filter(([word]) => word === 'search' || word === 'domain')
    .at(-1)
    ?.slice(1) ?? [];

const trimmed = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The names with a domain that the machine may have, the likeliest first; whether DNS knows them is not looked at. */
export const ownNames = ({ hostname, hosts, resolvConf }: OwnNameSources): readonly string[] => {
  const own = trimmed(hostname);
  const names = own.includes('.') ? [own] : [canonicalName(hosts, hostname) ?? own, ...searchDomains(resolvConf).map((domain) => `${own}.${trimmed(domain)}`)];
  return [...new Set(names.map(trimmed))].filter((name) => name.includes('.') && dnsTarget.safeParse(name).success);
};
