import type { Resolver } from 'node:dns/promises';

/** What DNS says of a name that is to stand in an SRV record. `unanswered`: nothing, now. */
export type TargetCheck =
  | { readonly status: 'right'; readonly addresses: readonly string[] }
  | { readonly status: 'wrong'; readonly why: string }
  | { readonly status: 'unanswered'; readonly why: string };

/** c-ares's words for an answer that holds no such record, and for one that holds no such name. */
const NO_RECORD: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND']);

const found = async (records: Promise<readonly string[]>): Promise<readonly string[]> => {
  try {
    return await records;
  } catch (error) {
    if (NO_RECORD.has((error as NodeJS.ErrnoException).code)) return [];
    throw error;
  }
};

/** Whether a name has an address of its own: an SRV record may not lead to an alias (RFC 2782), and BIND does not look. Only DNS counts, for that is what clients ask. */
export const checkTarget = async (target: string, resolver: Pick<Resolver, 'resolve4' | 'resolve6' | 'resolveCname'>): Promise<TargetCheck> => {
  const name = `${target}.`; // so that no search domain is tried
  try {
    const [aliases, ...addresses] = await Promise.all([found(resolver.resolveCname(name)), found(resolver.resolve4(name)), found(resolver.resolve6(name))]);
    const [alias] = aliases;
    if (alias !== undefined) return { status: 'wrong', why: `${target} is an alias of ${alias}: an SRV record may not lead to one. Advertise the name that has the address` };
    if (addresses.flat().length === 0) return { status: 'wrong', why: `${target} has no address in DNS` };
    return { status: 'right', addresses: addresses.flat() };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { status: 'unanswered', why: `DNS does not say whether ${target} has an address (${code ?? String(error)})` };
  }
};

/**
 * The same check, held against the addresses of the machine: a name that it gives itself may be another's in DNS. For one that somebody configured this is not
 * asked: it may lead here by ways that no machine knows of.
 */
export const leadingTo = (own: ReadonlySet<string>, check: TargetCheck, target: string): TargetCheck => {
  if (check.status !== 'right' || check.addresses.some((address) => own.has(address))) return check;
  return { status: 'wrong', why: `${target} leads to ${check.addresses.join(', ')} in DNS, which is not this machine` };
};
