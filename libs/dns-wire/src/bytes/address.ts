import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { invalid } from '../dns-failure.js';

const GROUPS = 8;

/** The four bytes of an IPv4 address in dotted form; throws `invalid`. */
export function ipv4ToBytes(address: string): Buffer {
  if (!isIPv4(address)) throw invalid(`${JSON.stringify(address)} is not an IPv4 address`);
  return Buffer.from(address.split('.').map(Number));
}

export const bytesToIpv4 = (bytes: Uint8Array): string => bytes.join('.');

/** The sixteen bytes of an IPv6 address, without a zone; throws `invalid`. */
export function ipv6ToBytes(address: string): Buffer {
  if (!isIPv6(address) || address.includes('%')) throw invalid(`${JSON.stringify(address)} is not an IPv6 address without a zone`);
  // `::ffff:192.0.2.1` ends in an IPv4 address: two groups.
  const hex = address.replace(/[\d.]+$/, (tail) => (isIPv4(tail) ? ipv4ToBytes(tail).toString('hex').replace(/^(.{4})/, '$1:') : tail));
  const [head = '', tail] = hex.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = new Array<number>(GROUPS - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

const groupsOf = (text: string): readonly number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));

/** The shortest form, in lower case (RFC 5952). */
export function bytesToIpv6(bytes: Uint8Array): string {
  const groups = Buffer.from(bytes).toString('hex').replace(/(.{4})(?=.)/g, '$1:');
  return new SocketAddress({ family: 'ipv6', address: groups }).address;
}
