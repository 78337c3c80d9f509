import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { dnsDomain } from '@muster/contracts';
import type { DnsDomainPolicy } from '@muster/domain';
import type { Protocol, ServerAddress } from '@muster/dns-wire';
import { isDnsFailure, isWithin, parseServerAddress } from '@muster/dns-wire';
import { ConfigError } from '@muster/service';
import type { DnsRegistrarConfig } from '../dns-registrar.config.js';
import type { DnsFile } from './domain-settings.js';
import { dnsFileSchema, siteFaults } from './domain-settings.js';

/** BIND takes 100 records at a name and drops a message that would add one more. */
const RECORDS_MAX = 100;
const RECORDS_WARN = 80;
/** A mistake in one place must not empty a domain. */
const DELETE_SHARE_MAX = 0.5;

/** A domain that this service is configured for, and how its zone is reached. */
export interface RegistrarDomain {
  readonly policy: DnsDomainPolicy;
  /** In the order in which they are tried; empty: there is no dynamic DNS. */
  readonly servers: readonly ServerAddress[];
  readonly keyFile: string | undefined;
  readonly protocol: Protocol;
}

type FileDomain = DnsFile['domains'][number];

const addresses = (texts: readonly string[], where: string, faults: string[]): readonly ServerAddress[] =>
  texts.flatMap((text) => {
    try {
      return [parseServerAddress(text)];
    } catch (error) {
      if (!isDnsFailure(error)) throw error;
      faults.push(`${where}: ${error.detail}`);
      return [];
    }
  });

const readDnsFile = (file: string, faults: string[]): readonly FileDomain[] => {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    faults.push(`MUSTER_DNS_FILE: ${file} ${error instanceof SyntaxError ? 'is not JSON' : `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`}`);
    return [];
  }
  const read = dnsFileSchema.safeParse(json);
  if (read.success) return read.data.domains.map((domain) => (domain.keyFile === undefined ? domain : { ...domain, keyFile: resolve(dirname(file), domain.keyFile) }));
  for (const { path, message } of read.error.issues) faults.push(`MUSTER_DNS_FILE: ${file}, ${path.join('.') || 'as a whole'}: ${message}`);
  return [];
};

const domainOf = (given: FileDomain, config: DnsRegistrarConfig, where: string, faults: string[]): RegistrarDomain => {
  const { domain, zone = domain, recordsMax = RECORDS_MAX } = given;
  const sites = given.sites ?? config.sites;
  const policy = {
    ...{ domain, zone, label: config.label, ttlSeconds: given.ttlSeconds ?? config.ttlSeconds, sites },
    ...{ recordsMax, recordsWarn: given.recordsWarn ?? Math.min(RECORDS_WARN, recordsMax), deleteShareMax: given.deleteShareMax ?? DELETE_SHARE_MAX },
  };
  if (!isWithin(domain, zone)) faults.push(`${where}: the domain ${domain} does not lie in the zone ${zone}`);
  for (const fault of given.sites === undefined ? [] : siteFaults(given.sites)) faults.push(`${where}, sites of ${domain}: ${fault}`);
  const servers = addresses(given.servers ?? config.servers, given.servers === undefined ? 'MUSTER_DNS_SERVERS' : `${where}, servers of ${domain}`, faults);
  const keyFile = given.keyFile ?? config.keyFile;
  // Anybody could send the same unsigned, and answer in the server's place.
  if (servers.length > 0 && keyFile === undefined) faults.push(`MUSTER_DNS_KEY_FILE is not set${config.dnsFile === undefined ? '' : `, and keyFile not in ${config.dnsFile}`}: the servers of ${domain} are told nothing unsigned`);
  return { policy, servers, keyFile, protocol: config.protocol };
};

/**
 * The domains of the file and of the variables; where both name one, the file's members come first.
 *
 * @throws ConfigError with all faults, each naming its variable, or the file and its member
 */
export const registrarDomains = (config: DnsRegistrarConfig): readonly RegistrarDomain[] => {
  const faults: string[] = [];
  const inFile = config.dnsFile === undefined ? [] : readDnsFile(config.dnsFile, faults);
  const named = config.domains.filter((domain) => {
    const known = dnsDomain.safeParse(domain);
    if (!known.success) faults.push(`MUSTER_DNS_DOMAINS: ${JSON.stringify(domain)} is not ${known.error.issues[0]?.message ?? 'a domain'}`);
    return known.success && !inFile.some((given) => given.domain === domain);
  });
  const all = [
    ...inFile.map((given) => domainOf(given, config, `MUSTER_DNS_FILE: ${config.dnsFile}`, faults)),
    ...named.map((domain) => domainOf({ domain }, config, 'MUSTER_DNS_DOMAINS', faults)),
  ];
  const names = all.map(({ policy }) => policy.domain);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) faults.push(`the domain ${name} is configured twice`);
  if (faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return all;
};

/** Whom to ask where there is no server of ours. @throws ConfigError */
export const configuredResolvers = ({ resolvers }: DnsRegistrarConfig): readonly ServerAddress[] => {
  const faults: string[] = [];
  const found = addresses(resolvers, 'MUSTER_DNS_RESOLVERS', faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return found;
};
