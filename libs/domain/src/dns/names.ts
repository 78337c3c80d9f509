import { endpointId, endpointIdOf, parseEndpointText, serviceNameOf, siteServiceNameOf } from '@muster/contracts';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { PlainRecord } from './dns.records.js';

const LABEL = /^(_[^.]+\._tcp)(\.|$)/;

/** A name in the spelling that all of ours have: DNS does not tell `A.Example.` from `a.example`. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The service's label in the name of one of its SRV records; undefined when the name is none in this domain. */
export const labelOf = (name: string, domain: string): string | undefined => (name.endsWith(`.${domain}`) ? LABEL.exec(name.slice(0, -domain.length - 1))?.[1] : undefined);

/** Every name at which the policy wants records, some of them perhaps none. */
export const policyNames = ({ label, domain, sites }: Pick<DnsDomainPolicy, 'label' | 'domain' | 'sites'>): readonly string[] => [
  serviceNameOf(label, domain),
  ...sites.map(({ name }) => siteServiceNameOf(label, name, domain)),
];

export interface EndpointAddress {
  readonly target: string;
  readonly port: number;
}

/** Where a record leads: an SRV record, or the text beside one. Undefined for anything else. */
export const addressOf = ({ data }: PlainRecord): EndpointAddress | undefined => {
  const address = data.type === 'SRV' ? { target: plainName(data.target), port: data.port } : parseEndpointText(data.strings);
  return address !== undefined && endpointId.safeParse(endpointIdOf(address)).success ? { target: address.target, port: address.port } : undefined;
};
