import type { HostAddress } from '../core/outcome.js';

/** Where a host listens unless its address names another port. */
export const HOST_PORT_DEFAULT = 6878;

/**
 * Reads `host`, `host:port` or an http or https address.
 *
 * Plain http is enough: a request holds no secret, and an answer counts only with its signature.
 *
 * @returns undefined when it is none of these
 */
export const parseHostAddress = (text: string): HostAddress | undefined => {
  const named = /^https?:\/\//.test(text);
  const url = named ? text : `http://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, username, password, search, hash, host } = new URL(url);
  if (hostname === '' || username !== '' || password !== '' || search !== '' || hash !== '') return undefined;
  if (named) return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
  // `host:80` names a port, which URL takes for the one that goes without saying.
  const stated = port === '' ? (/:80$/.test(text) ? 80 : HOST_PORT_DEFAULT) : Number(port);
  return pathname === '/' ? `http://${hostname}:${stated}` : undefined;
};
