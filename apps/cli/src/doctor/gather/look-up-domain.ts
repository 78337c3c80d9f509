import { type EndpointScheme, parseEndpointText, serviceNameOf, siteServiceNameOf } from '@muster/contracts';
import { isDnsFailure } from '@muster/dns-wire';
import { inParallel } from '../../fleet/in-parallel.js';
import type { DomainFacts, NameFacts, ServiceRecord } from '../facts.js';
import type { AskDns } from './ask-dns.js';

/** Questions under way at once; a resolver takes more for an attack. */
const CONCURRENCY = 8;

export interface DomainToLookUp {
  readonly domain: string;
  readonly sites: readonly string[];
  readonly label: string;
  readonly guessed: boolean;
}

const plainName = (name: string): string => (name === '.' ? name : name.toLowerCase().replace(/\.$/, ''));

const detailOf = (error: unknown): string => {
  if (isDnsFailure(error)) return error.detail;
  throw error;
};

type Schemes = Pick<NameFacts, 'schemes' | 'detail'>;

const schemesAt = async (name: string, ask: AskDns): Promise<Schemes> => {
  try {
    const { records } = await ask(name, 'TXT');
    const texts = records.flatMap(({ data }) => parseEndpointText(data.strings) ?? []);
    return { detail: '', schemes: new Map<string, EndpointScheme>(texts.map(({ target, port, scheme }) => [`${target}:${port}`, scheme])) };
  } catch (error) {
    return { detail: detailOf(error), schemes: null };
  }
};

const lookUpName = async (name: string, site: string | null, ask: AskDns): Promise<NameFacts> => {
  const nothing = { name, site, records: [], schemes: null, authoritative: false };
  try {
    const { status, records, authoritative } = await ask(name, 'SRV');
    if (status !== 'found') return { ...nothing, outcome: 'missing', detail: status, authoritative };
    const services = records.map(({ ttlSeconds, data: { priority, weight, port, target } }): ServiceRecord => ({ priority, weight, port, target: plainName(target), ttlSeconds }));
    return { name, site, outcome: 'found', records: services, authoritative, ...(await schemesAt(name, ask)) };
  } catch (error) {
    return { ...nothing, outcome: 'failed', detail: detailOf(error) };
  }
};

/** How long it is remembered that a name of the domain has no record (RFC 2308 section 5). */
const negativeTtlAt = async (domain: string, ask: AskDns): Promise<number | null> => {
  try {
    // No domain has such a record at its own name. A question for SOA would not do: BIND answers that one with a TTL of 0 (`zero-no-soa-ttl`).
    return (await ask(domain, 'SRV')).negativeTtlSeconds ?? null;
  } catch (error) {
    detailOf(error); // the names of the domain say what is wrong
    return null;
  }
};

/** What clients of the domain find, in the whole of it and in each site. */
export const lookUpDomain = async ({ domain, sites, label, guessed }: DomainToLookUp, ask: AskDns): Promise<DomainFacts> => {
  const wanted = [{ name: serviceNameOf(label, domain), site: null }, ...sites.map((site) => ({ name: siteServiceNameOf(label, site, domain), site }))];
  const found = new Map<string, NameFacts>();
  await inParallel(wanted, { concurrency: CONCURRENCY, run: async ({ name, site }) => void found.set(name, await lookUpName(name, site, ask)) });
  return { domain, guessed, names: wanted.flatMap(({ name }) => found.get(name) ?? []), negativeTtlSeconds: await negativeTtlAt(domain, ask) };
};
