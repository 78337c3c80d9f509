import { readFileSync } from 'node:fs';
import { isDnsFailure, parseServerAddress, type ServerAddress } from '@muster/dns-wire';
import { CliFailure } from '../../failure/cli-failure.js';

export const RESOLV_CONF = '/etc/resolv.conf';

/** The system's resolver asks no more than the first three either (resolv.conf(5)). */
const SERVERS_MAX = 3;

const serverIn = (text: string): readonly ServerAddress[] => {
  try {
    return [parseServerAddress(text)];
  } catch (error) {
    if (!isDnsFailure(error)) throw error;
    return []; // a typing error
  }
};

/** The servers that resolv.conf names; what cannot be read in it is left out, as the system's resolver does. */
export const serversIn = (resolvConf: string): readonly ServerAddress[] =>
  resolvConf
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+([^\s#;]+)/.exec(line)?.[1] ?? [])
    .flatMap(serverIn)
    .slice(0, SERVERS_MAX);

/** Empty where there is none. */
export const readResolvConf = (file = RESOLV_CONF): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** @throws CliFailure `usage` */
export const givenServer = (text: string): ServerAddress => {
  try {
    return parseServerAddress(text);
  } catch (error) {
    throw new CliFailure('usage', `${text} is not the address of a DNS server.`, { remedy: 'Give an IP address with an optional port: 192.0.2.1:53 or [2001:db8::1]:53.', cause: error });
  }
};
