import { domainsToSearch } from '@muster/client';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { type DnsSettings, openDnsDiscovery } from './host-source.js';
import { machineDirectory, type MachineOptions } from './machine-place.js';

export interface DomainOptions extends Pick<MachineOptions, 'dir'> {
  readonly site?: string;
  readonly label?: string;
  readonly searchParents?: boolean;
  readonly allowHttp?: boolean;
  /** Several joined by commas. */
  readonly resolver?: string;
}

/** What the command line lists, joined by commas. */
export const listIn = (text: string): readonly string[] => text.split(',').map((one) => one.trim());

const settingsIn = (domains: readonly string[], { site, label, searchParents, allowHttp, resolver }: DomainOptions): DnsSettings => ({
  domains: [...domains],
  ...(site === undefined ? {} : { site: site.toLowerCase() }),
  ...(label === undefined ? {} : { label: label.toLowerCase() }),
  ...(searchParents === true ? { searchParents } : {}),
  ...(allowHttp === true ? { allowHttp } : {}),
  ...(resolver === undefined ? {} : { resolvers: [...listIn(resolver)] }),
});

/** Tells the machine in which domains it finds its hosts; what was set before is replaced whole. */
export const setDomain = (domains: readonly string[]) => async (options: DomainOptions, terminal: Terminal): Promise<ExitCode> => {
  const given = settingsIn(domains, options);
  openDnsDiscovery(given); // what cannot be looked up is not kept
  const dns = { ...given, domains: [...domainsToSearch(domains)] };
  const directory = machineDirectory(options);
  const settings = directory.settings();
  directory.keepSettings({ ...settings, dns });
  const overridden = settings.hosts.length > 0;
  if (terminal.json) terminal.data(JSON.stringify({ dir: directory.path, dns, overriddenBy: settings.hosts }));
  else {
    terminal.data(`The machine finds its hosts by DNS in ${dns.domains.join(', ')}${dns.site === undefined ? '' : `, those of site ${dns.site} first`}.`);
    if (dns.allowHttp === true) terminal.note('Plain http is taken from DNS: whoever can forge an answer can turn TLS off. A host proves itself all the same.');
    if (overridden) terminal.note(`It asks ${settings.hosts.join(', ')} all the same, which was set by hand, until \`muster machine clear-host\`.`);
    else terminal.note('`muster machine discover` shows whom it finds.');
  }
  return exitCodes.ok;
};

/** Forgets the domains that were set. */
export const clearDomain = async (options: DomainOptions, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  const { dns: forgotten, ...settings } = directory.settings();
  directory.keepSettings(settings);
  if (terminal.json) terminal.data(JSON.stringify({ dir: directory.path, dns: null, forgotten: forgotten ?? null }));
  else terminal.data(forgotten === undefined ? 'No domain was set.' : 'The machine finds its hosts without a domain that was set.');
  return exitCodes.ok;
};
