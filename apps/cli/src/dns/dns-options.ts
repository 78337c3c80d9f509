import { dnsDomain, endpointId } from '@muster/contracts';
import { InvalidArgumentError } from 'commander';
import type { AccessOptions } from '../access/host-access.js';

/** Names as people write them: in any case, with or without the final dot. */
const spelt = (text: string): string => text.toLowerCase().replace(/\.$/, '');

/** Reads a domain. @throws InvalidArgumentError */
export const readDomain = (text: string): string => {
  const domain = dnsDomain.safeParse(spelt(text));
  if (!domain.success) throw new InvalidArgumentError('It must be a domain name, such as corp.example.');
  return domain.data;
};

/** Reads one of several domains: the option may be repeated. */
export const oneMoreDomain = (text: string, before: readonly string[] = []): readonly string[] => [...before, readDomain(text)];

/** Reads an endpoint. @throws InvalidArgumentError */
export const readEndpoint = (text: string): string => {
  const endpoint = endpointId.safeParse(text.toLowerCase().replace(/\.(:\d+)$/, '$1'));
  if (!endpoint.success) throw new InvalidArgumentError('It must be the name and port of a gateway, such as host-a.corp.example:443.');
  return endpoint.data;
};

export interface DomainsOptions extends AccessOptions {
  readonly domain?: readonly string[];
}

export interface EndpointOptions extends AccessOptions {
  readonly endpoint?: string;
  readonly dryRun?: boolean;
}
