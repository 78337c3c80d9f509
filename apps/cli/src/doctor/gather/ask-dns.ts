import { type DataOf, DnsFailure, formatServerAddress, isDnsFailure, query, type QueryResult, type RecordType, type ServerAddress } from '@muster/dns-wire';
import type { ResolverFacts } from '../facts.js';
import { type TimeBudget, TRY_MS } from './time-budget.js';

/** Asks the machine's DNS servers, as clients do. Throws `DnsFailure` when none of them knows, and `OutOfTime`. */
export type AskDns = <Type extends RecordType>(name: string, type: Type) => Promise<QueryResult<DataOf<Type>>>;

const SILENCE: readonly string[] = ['timeout', 'unreachable'];

const asFailure = (error: unknown): DnsFailure => {
  if (isDnsFailure(error)) return error;
  throw error;
};

/** One server after the other, and the first once more: a packet may be lost. */
export const askDns =
  (servers: readonly ServerAddress[], budget: TimeBudget): AskDns =>
  async (name, type) => {
    let failure = new DnsFailure('unreachable', 'no DNS server answers');
    for (const server of [...servers, ...servers.slice(0, 1)]) {
      try {
        return await query({ server, protocol: 'udp', name, type, timeoutMs: budget.grant(TRY_MS) });
      } catch (error) {
        failure = asFailure(error);
        if (failure.kind === 'invalid') break;
      }
    }
    throw failure;
  };

/** Whether each of them answers anything at all, a refusal included; asked for the name, twice when it was silent. */
export const tryResolvers = (servers: readonly ServerAddress[], { name, budget }: { readonly name: string; readonly budget: TimeBudget }): Promise<readonly ResolverFacts[]> =>
  Promise.all(
    servers.map(async (server): Promise<ResolverFacts> => {
      const address = formatServerAddress(server);
      try {
        await askDns([server], budget)(name, 'SOA');
      } catch (error) {
        const { kind, detail } = asFailure(error);
        if (SILENCE.includes(kind)) return { server: address, answers: false, detail: detail.replace(`${address}: `, '') };
      }
      return { server: address, answers: true, detail: '' };
    }),
  );
