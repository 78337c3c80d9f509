import type { EndpointScheme } from '@muster/contracts';
import { parseEndpointText } from '@muster/contracts';
import type { HostAddress } from '../outcome.js';
import type { SrvRecord } from './srv-order.js';

/** A host as DNS names it. */
export interface FoundHost {
  readonly host: HostAddress;
  readonly target: string;
  readonly port: number;
  readonly scheme: EndpointScheme;
  /** Of the target: the connection goes there. */
  readonly addresses: readonly string[];
}

/** Where a host of that name stands: the same name elsewhere is somebody else until it has shown otherwise. */
export type Place = Pick<FoundHost, 'host' | 'addresses'>;

export const isSamePlace = (one: Place, other: Place): boolean => one.host === other.host && [...one.addresses].sort().join() === [...other.addresses].sort().join();

/** What port speaks what, by the texts beside the SRV records: TLS unless one says otherwise and none says TLS, so that a text added there takes nothing away. */
export const schemeOf = ({ target, port }: Pick<SrvRecord, 'target' | 'port'>, texts: readonly (readonly string[])[]): EndpointScheme => {
  const said = texts.flatMap((strings) => {
    const text = parseEndpointText(strings);
    return text?.target === target && text.port === port ? [text.scheme] : [];
  });
  return said.length > 0 && said.every((scheme) => scheme === 'http') ? 'http' : 'https';
};

/** As every address of a host is written: a port that goes without saying is not said. */
export const addressOf = ({ scheme, target, port }: Pick<FoundHost, 'scheme' | 'target' | 'port'>): HostAddress => new URL(`${scheme}://${target}:${port}`).origin;

export const isLoopback = (address: string): boolean => /^127(\.\d{1,3}){3}$/.test(address) || address === '::1' || /^::ffff:127\./i.test(address);

/**
 * Why nobody may be asked there; undefined when somebody may.
 *
 * DNS alone is nobody's word: whoever forges an answer would else turn TLS off. So plain http is for this very machine, or for one that was told to.
 */
export const objectionTo = ({ scheme, addresses }: Pick<FoundHost, 'scheme' | 'addresses'>, { allowHttp }: { readonly allowHttp: boolean }): string | undefined => {
  if (addresses.length === 0) return 'its name has no address';
  return scheme === 'https' || allowHttp || addresses.every(isLoopback) ? undefined : 'it is listed with plain http, which is not taken from DNS';
};
