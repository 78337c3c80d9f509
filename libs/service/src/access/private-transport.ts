import { isIPv4 } from 'node:net';
import type { HttpRequest } from '../http/http-message.js';

const MAPPED = '::ffff:'; // an IPv4 client of a socket that listens on both (RFC 4291 section 2.5.5.2)

/** Whether an address never leaves the machine: 127.0.0.0/8 or ::1. */
export const isLoopback = (address: string): boolean => {
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
};

/** By somebody whose word for whom is not taken: it bears what proxies add (RFC 7239, and what was usual before), and no trusted one says where it is from. */
const isForwarded = ({ headers, ips = [] }: HttpRequest): boolean => ips.length <= 1 && (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined);

/**
 * Whether nobody on a network could have read the request: it came over TLS, here or as far as a trusted proxy, or did not leave the machine.
 * A proxy on the machine that nobody named as trusted makes all the world look like loopback: what says that it was forwarded is from elsewhere.
 */
export const isPrivate = (request: HttpRequest): boolean => request.protocol === 'https' || (isLoopback(request.ip) && !isForwarded(request));
