import type { DnsDescription } from '@muster/contracts';
import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import { verdict } from '../verdict.js';
import { dnsStatusLines } from './dns-status-lines.js';

const isFailing = ({ domains }: DnsDescription): boolean => domains.some(({ failure, servers }) => failure !== null || servers.some(({ standing }) => standing === 'failing'));

/** Endpoints, domains and servers as the registrar knows them; asks no DNS. */
export const showDnsStatus = async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
  const description = await dnsApi(findHost(options)).describe();
  if (terminal.json) terminal.data(JSON.stringify(description, undefined, 2));
  else for (const line of dnsStatusLines(description, terminal.paintData)) terminal.data(line);
  return verdict({ conflicts: description.domains.reduce((sum, { conflicts }) => sum + conflicts.length, 0), wrong: isFailing(description) });
};
