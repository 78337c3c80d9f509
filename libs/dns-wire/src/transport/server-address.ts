import { isIP, isIPv6 } from 'node:net';
import { invalid } from '../dns-failure.js';

/** A DNS server: a literal address, for who resolves the resolver's name? */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

export const DNS_PORT = 53;

/** Reads `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`; throws `invalid`. */
export function parseServerAddress(text: string): ServerAddress {
  if (isIP(text) !== 0) return { address: text, port: DNS_PORT };
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = inBrackets ?? plain ?? '';
  const valid = inBrackets === undefined ? isIP(address) === 4 : isIPv6(address);
  const number = port === undefined ? DNS_PORT : Number(port);
  if (!valid || number < 1 || number > 65_535) throw invalid(`${JSON.stringify(text)} is not an address with an optional port, as 192.0.2.1:53 or [2001:db8::1]:53`);
  return { address, port: number };
}

/** The address as `parseServerAddress` reads it. */
export const formatServerAddress = ({ address, port }: ServerAddress): string => (isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`);
