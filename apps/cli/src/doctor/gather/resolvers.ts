import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dnsDomain } from '@muster/contracts';
import { isDnsFailure, parseServerAddress, type ServerAddress } from '@muster/dns-wire';

/** What /etc/resolv.conf says (resolv.conf(5)); unreadable lines are left out, as the system's resolver does. */
export interface ResolverConfiguration {
  readonly servers: readonly ServerAddress[];
  readonly search: readonly string[];
}

/** The system's resolver asks no more than the first three either. */
const SERVERS_MAX = 3;

const serverIn = (text: string): readonly ServerAddress[] => {
  try {
    return [parseServerAddress(text)];
  } catch (error) {
    if (!isDnsFailure(error)) throw error;
    return []; // a scoped address (fe80::1%eth0), or a typing error
  }
};

export const parseResolvConf = (text: string): ResolverConfiguration => {
  const servers: ServerAddress[] = [];
  let search: readonly string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.replace(/[#;].*/, '').trim().split(/\s+/);
    if (keyword === 'nameserver') servers.push(...serverIn(words[0] ?? ''));
    if (keyword === 'search' || keyword === 'domain') search = words; // the last of them counts
  }
  return { servers: servers.slice(0, SERVERS_MAX), search };
};

export const systemResolvers = (file = '/etc/resolv.conf'): ResolverConfiguration => {
  try {
    return parseResolvConf(readFileSync(file, 'utf8'));
  } catch {
    return { servers: [], search: [] };
  }
};

const asDomain = (text: string): string | undefined => {
  const domain = text.toLowerCase().replace(/\.$/, '');
  return domain.includes('.') && dnsDomain.safeParse(domain).success ? domain : undefined;
};

/** The domain that this machine stands in, by its own full name, else by the first one that its resolver searches. */
export const ownDomain = ({ search }: Pick<ResolverConfiguration, 'search'>, machineName = hostname()): string | undefined =>
  asDomain(machineName.split('.').slice(1).join('.')) ?? search.map(asDomain).find((domain) => domain !== undefined);
