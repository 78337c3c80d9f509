import type { Discovery, DnsDiscovery, DnsDiscoveryOptions, HostAddress, MachineDirectory, MachineSettings } from '@muster/client';
import { dnsDiscovery, parseHostAddress } from '@muster/client';
import { findLocalHost } from '../access/find-host.js';
import { CliFailure } from '../failure/cli-failure.js';

export type DnsSettings = NonNullable<MachineSettings['dns']>;

/** Where the machine's hosts come from. */
export type HostSource =
  | { readonly by: 'hand' | 'environment' | 'local'; readonly hosts: readonly HostAddress[] }
  /** Without domains: those of the machine itself. */
  | { readonly by: 'dns'; readonly dns: Omit<DnsSettings, 'domains'> & { readonly domains?: readonly string[] } };

const addressesIn = (text: string): readonly HostAddress[] =>
  text.split(',').map((one) => {
    const address = parseHostAddress(one.trim());
    if (address === undefined) throw new CliFailure('usage', `${one} is not the address of a host.`, { remedy: 'Give host, host:port or an http or https address; several are joined by commas.' });
    return address;
  });

const wordsIn = (text: string | undefined): readonly string[] => (text ?? '').split(/[\s,]+/).filter((word) => word !== '');

/** MUSTER_DOMAIN, with MUSTER_SITE; several domains or resolvers are joined by commas. */
const fromEnvironment = (): HostSource | undefined => {
  const domains = wordsIn(process.env['MUSTER_DOMAIN']);
  return domains.length === 0 ? undefined : { by: 'dns', dns: { ...withSite(), domains } };
};

const withSite = (): Pick<DnsSettings, 'site'> => {
  const site = process.env['MUSTER_SITE'];
  return site ? { site } : {};
};

/** The host given, else the one set on this machine, else MUSTER_HOST, else DNS where a domain was set or MUSTER_DOMAIN names one, else the host that runs here, else DNS in the machine's own domain. */
export const hostSource = (options: { readonly host?: string; readonly data?: string }, directory: MachineDirectory): HostSource => {
  if (options.host !== undefined) return { by: 'hand', hosts: addressesIn(options.host) };
  const { hosts, dns } = directory.settings();
  if (hosts.length > 0) return { by: 'hand', hosts };
  const named = process.env['MUSTER_HOST'];
  if (named) return { by: 'environment', hosts: addressesIn(named) };
  if (dns !== undefined) return { by: 'dns', dns };
  const local = findLocalHost(options);
  return fromEnvironment() ?? (local === undefined ? { by: 'dns', dns: withSite() } : { by: 'local', hosts: [local.run.url] });
};

/** MUSTER_DNS_RESOLVERS and MUSTER_DNS_LABEL, where the machine was not told of others. */
const withEnvironment = ({ resolvers, label }: DnsDiscoveryOptions): Pick<DnsDiscoveryOptions, 'resolvers' | 'label'> => {
  const servers = resolvers ?? wordsIn(process.env['MUSTER_DNS_RESOLVERS']);
  return { label: label ?? (process.env['MUSTER_DNS_LABEL'] || undefined), ...(servers.length === 0 ? {} : { resolvers: servers }) };
};

/** @throws CliFailure `usage` when a domain, a site, a label or a resolver is not what it should be */
export const openDnsDiscovery = (options: DnsDiscoveryOptions): DnsDiscovery => {
  try {
    return dnsDiscovery({ ...options, ...withEnvironment(options) });
  } catch (error) {
    throw new CliFailure('usage', `${(error as Error).message}.`, { cause: error });
  }
};

/** Whatever the source says at each contact: a host or a domain that is set later is found at the next one. */
export const followSource = (source: () => HostSource): Discovery => {
  let opened: { readonly by: string; readonly discovery: DnsDiscovery } | undefined;
  const dnsNow = (): DnsDiscovery | undefined => {
    const now = source();
    if (now.by !== 'dns') return undefined;
    const by = JSON.stringify(now.dns);
    if (opened?.by !== by) opened = { by, discovery: openDnsDiscovery(now.dns) };
    return opened.discovery;
  };
  return {
    hosts: async () => {
      const now = source();
      return now.by === 'dns' ? [] : now.hosts;
    },
    search: (searching) => dnsNow()?.search(searching),
    addressesOf: (hostname) => dnsNow()?.addressesOf(hostname),
  };
};
