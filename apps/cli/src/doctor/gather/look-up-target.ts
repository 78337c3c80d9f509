import { isDnsFailure } from '@muster/dns-wire';
import type { TargetFacts } from '../facts.js';
import type { AskDns } from './ask-dns.js';

interface Answer {
  readonly addresses: readonly string[];
  readonly alias: string | null;
  readonly failure: string | null;
}

const addressesOf = async (target: string, type: 'A' | 'AAAA', ask: AskDns): Promise<Answer> => {
  try {
    const { records, aliases } = await ask(target, type);
    return { addresses: records.map(({ data }) => data.address), alias: aliases[0] ?? null, failure: null };
  } catch (error) {
    if (!isDnsFailure(error)) throw error;
    return { addresses: [], alias: null, failure: error.detail };
  }
};

/** The addresses that a target has, IPv6 first, and whether they are its own. */
export const lookUpTarget = async (target: string, ask: AskDns): Promise<TargetFacts> => {
  const [six, four] = await Promise.all([addressesOf(target, 'AAAA', ask), addressesOf(target, 'A', ask)]);
  const addresses = [...six.addresses, ...four.addresses];
  const alias = six.alias ?? four.alias;
  const failure = six.failure ?? four.failure;
  if (addresses.length > 0) return { target, outcome: 'addresses', detail: '', alias, addresses };
  return { target, outcome: failure === null ? 'none' : 'failed', detail: failure ?? '', alias, addresses };
};
