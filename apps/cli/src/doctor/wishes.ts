import type { HostAddress, MachineDirectory } from '@muster/client';
import { ownDomains, parseHostAddress } from '@muster/client';
import { dnsDomain, dnsSite, serviceLabel } from '@muster/contracts';
import type { ServerAddress } from '@muster/dns-wire';
import { findHost } from '../access/find-host.js';
import type { AccessOptions, HostAccess } from '../access/host-access.js';
import { CliFailure } from '../failure/cli-failure.js';
import { givenServer, serversIn } from './gather/resolvers.js';

/** What the command line says to `muster doctor`. */
export interface DoctorOptions extends AccessOptions {
  readonly domain?: readonly string[];
  readonly site?: readonly string[];
  readonly resolver?: readonly string[];
  readonly dir?: string;
  readonly root?: string;
}

/** Where clients are known to look for hosts, and what they are told by hand. */
export interface Wishes {
  readonly servers: readonly ServerAddress[];
  readonly domains: readonly string[];
  /** Said with --domain: then no others are looked at. */
  readonly chosen: boolean;
  /** Nobody said them. */
  readonly guessed: boolean;
  readonly sites: readonly string[];
  /** Under which this machine looks; null where nobody told it. */
  readonly label: string | null;
  readonly hosts: readonly HostAddress[];
  /** Plain http is taken from DNS: an administrator set so on this machine. */
  readonly allowHttp: boolean;
}

interface Here {
  readonly directory: Pick<MachineDirectory, 'settings'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  readonly resolvConf: string;
}

const checked = (schema: typeof dnsDomain, what: string) => (text: string) => {
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  if (!schema.safeParse(name).success) throw new CliFailure('usage', `${text} is not the name of a ${what}.`);
  return name;
};
const domainIn = checked(dnsDomain, 'domain');
const siteIn = checked(dnsSite, 'site');
const labelIn = checked(serviceLabel, 'service');

const addressIn = (text: string): HostAddress => {
  const address = parseHostAddress(text.trim());
  if (address === undefined) throw new CliFailure('usage', `${text} is not the address of a host.`, { remedy: 'Give host, host:port or an http or https address; several are joined by commas.' });
  return address;
};

const commaList = (text: string | undefined): readonly string[] => (text ?? '').split(',').filter((one) => one.trim() !== '');

const hostsHere = ({ host }: DoctorOptions, { directory, env }: Here): readonly HostAddress[] => {
  if (host !== undefined) return commaList(host).map(addressIn);
  const { hosts } = directory.settings();
  return hosts.length > 0 ? hosts : commaList(env['MUSTER_HOST']).map(addressIn);
};

/** As clients on this machine would go about it: what is said now, else what was set, else the environment, else what the machine is called. */
export const wishesOf = (options: DoctorOptions, here: Here): Wishes => {
  const { directory, env, hostname, resolvConf } = here;
  const { dns } = directory.settings();
  const chosen = (options.domain ?? []).map(domainIn);
  const set = dns?.domains ?? commaList(env['MUSTER_DOMAIN']).map(domainIn);
  const said = chosen.length > 0 ? chosen : set;
  const inEnvironment = commaList(env['MUSTER_DNS_RESOLVERS']).map((server) => server.trim());
  const servers = options.resolver ?? dns?.resolvers ?? (inEnvironment.length > 0 ? inEnvironment : undefined);
  const site = dns === undefined ? env['MUSTER_SITE'] || undefined : dns.site;
  const label = dns?.label ?? (env['MUSTER_DNS_LABEL'] || undefined);
  return {
    servers: servers === undefined ? serversIn(resolvConf) : servers.map(givenServer),
    domains: said.length > 0 ? said : ownDomains({ hostname, resolvConf }),
    chosen: chosen.length > 0,
    guessed: said.length === 0,
    sites: (options.site ?? (site === undefined ? [] : [site])).map(siteIn),
    label: label === undefined ? null : labelIn(label),
    hosts: hostsHere(options, here),
    allowHttp: dns?.allowHttp ?? false,
  };
};

/** The host that administrators ask, with their token; or why there is none. A token is for the host that somebody named with it, not for one that machines were told of. */
export const administrationOf = (options: DoctorOptions, env: Here['env']): { readonly access: HostAccess } | { readonly reason: string } => {
  try {
    const [first] = commaList(options.host ?? env['MUSTER_HOST']).map(addressIn);
    const access = findHost({ ...options, ...(first === undefined ? {} : { host: first }) });
    return access.token === undefined ? { reason: `no access token for ${access.url} is known here: set MUSTER_OPERATOR_TOKEN_FILE` } : { access };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return { reason: error.message };
  }
};
