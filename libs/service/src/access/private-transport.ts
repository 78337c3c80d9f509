import { isIPv4 } from 'node:net';
import type { HttpRequest } from '../http/http-message.js';

const MAPPED = '::ffff:'; // an IPv4 client of a socket that listens on both (RFC 4291 section 2.5.5.2)

/** Whether an address never leaves the machine: 127.0.0.0/8 or ::1. */
export const isLoopback = (address: string): boolean => {
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
};

/** What proxies add (RFC 7239, and what was usual before). Whoever sends one from this machine itself has somebody behind it. */
const isForwarded = ({ headers }: HttpRequest): boolean => headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined;

/**
 * Whether nobody on a network could have read the request: it came over TLS, here or as far as a trusted proxy, or did not leave the machine.
 * A proxy on the machine that nobody named as trusted makes all the world look like loopback: what says that it was forwarded is from elsewhere.
 */
export const isPrivate = (request: HttpRequest): boolean => request.protocol === 'https' || (isLoopback(request.ip) && !isForwarded(request));
