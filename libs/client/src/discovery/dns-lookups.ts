import { Resolver } from 'node:dns/promises';
import { dnsTarget } from '@muster/contracts';
import type { SrvRecord } from '../core/discovery/srv-order.js';

export interface LookupTiming {
  /** Of the first try of one question at one server; it doubles at the next. */
  readonly queryTimeoutMs: number;
  readonly tries: number;
  /** Of all questions together. */
  readonly deadlineMs: number;
}

export type Lookup<T> =
  | { readonly type: 'found'; readonly values: readonly T[] }
  /** There is no such name, or no such record at it. */
  | { readonly type: 'none' }
  | { readonly type: 'failed'; readonly detail: string };

export interface DnsLookups {
  srv(name: string): Promise<Lookup<SrvRecord>>;
  txt(name: string): Promise<Lookup<readonly string[]>>;
  /** IPv4 and IPv6. */
  addresses(target: string): Promise<Lookup<string>>;
  end(): void;
}

/** c-ares: no such name, no such record. */
const NONE: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA']);

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no DNS server listens there',
  ETIMEOUT: 'no answer in time',
  ECANCELLED: 'no answer before the deadline',
  EREFUSED: 'the server refuses to say',
  ESERVFAIL: 'the server cannot say',
};

const targetIn = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** One look at DNS, by servers of one's own or the system's: Node's resolver, which would wait for half a minute, bounded in each question and as a whole. */
export const dnsLookups = ({ queryTimeoutMs, tries, deadlineMs }: LookupTiming, servers?: readonly string[]): DnsLookups => {
  const resolver = new Resolver({ timeout: queryTimeoutMs, tries });
  if (servers !== undefined && servers.length > 0) resolver.setServers(servers);
  let over = false;
  const end = (): void => {
    over = true;
    clearTimeout(timer);
    resolver.cancel();
  };
  const timer = setTimeout(end, deadlineMs);

  const ask = async <T>(question: () => Promise<readonly T[]>): Promise<Lookup<T>> => {
    if (over) return { type: 'failed', detail: 'no answer before the deadline' };
    try {
      const values = await question();
      return values.length === 0 ? { type: 'none' } : { type: 'found', values };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return NONE.has(code) ? { type: 'none' } : { type: 'failed', detail: WORDS[code ?? ''] ?? code ?? message };
    }
  };
  return {
    srv: (name) =>
      ask(async () => {
        const records = (await resolver.resolveSrv(name)).map(({ name: target, port, priority, weight }) => ({ target: targetIn(target), port, priority, weight }));
        // What is no host name can be reached by nobody; the empty one says that the service is switched off.
        return records.filter(({ target, port }) => target === '' || (port > 0 && dnsTarget.safeParse(target).success));
      }),
    txt: (name) => ask(() => resolver.resolveTxt(name)),
    addresses: async (target) => {
      const [four, six] = await Promise.all([ask(() => resolver.resolve4(target)), ask(() => resolver.resolve6(target))]);
      const values = [four, six].flatMap((answer) => (answer.type === 'found' ? answer.values : []));
      if (values.length > 0) return { type: 'found', values };
      return four.type === 'failed' ? four : six;
    },
    end,
  };
};

/** The addresses of DNS servers, each `ip`, `ip:port` or `[ip]:port`. @throws Error when one is none of these */
export const checkServers = (servers: readonly string[]): readonly string[] => {
  for (const server of servers) {
    try {
      new Resolver().setServers([server]);
    } catch (error) {
      throw new Error(`${JSON.stringify(server)} is not the address of a DNS server, such as 192.0.2.53 or 127.0.0.1:5353`, { cause: error });
    }
  }
  return servers;
};
