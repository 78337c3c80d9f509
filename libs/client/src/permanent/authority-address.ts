import type { HostAddress } from '../core/outcome.js';
import { parseHostAddress } from '../shell/host-address.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads the address of the vendor's authority. A key is sent there, so it is https, or this very machine.
 *
 * @returns undefined when it is neither
 */
export const parseAuthorityAddress = (text: string): HostAddress | undefined => {
  const address = /^https?:\/\//.test(text) ? parseHostAddress(text) : undefined;
  if (address === undefined) return undefined;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || LOOPBACK.test(hostname) ? address : undefined;
};
