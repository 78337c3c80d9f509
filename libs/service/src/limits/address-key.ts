import { isIPv6 } from 'node:net';

const MAPPED = '::ffff:';
const HEXTETS = 8;
const PREFIX_HEXTETS = 4;

const hextets = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

/** The first 64 bits of an IPv6 address, without its zone. */
const prefixOf = (address: string): string => {
  const [head = '', tail] = address.split('::');
  const before = hextets(head);
  const after = hextets(tail ?? '');
  const zeros = tail === undefined ? 0 : HEXTETS - before.length - after.length;
  const all = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  return all
    .slice(0, PREFIX_HEXTETS)
    .map((hextet) => Number.parseInt(hextet, 16).toString(16))
    .join(':');
};

/** What an address is counted under: IPv4 as it is, IPv6 by its /64, which is what one machine has at its disposal. Loopback stays one. */
export const addressKey = (address: string): string => {
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  if (!isIPv6(plain) || plain === '::1' || plain.includes('.')) return plain;
  return prefixOf(plain.split('%', 1)[0] ?? plain);
};
