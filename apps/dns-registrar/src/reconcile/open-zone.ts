import type { PlainRecord, PlannedWrite } from '@muster/domain';
import { plainName } from '@muster/domain';
import type { Change, FoundRecord, Prerequisite, TsigKey, Way } from '@muster/dns-wire';
import { DnsFailure, isDnsFailure, query, update } from '@muster/dns-wire';
import { type Clock, systemClock } from '@muster/kernel';
import type { RegistrarDomain } from '../wiring/registrar-domains.js';
import type { ServerStanding } from './server-standing.js';

/** For one question or one change; a server that needs longer is of no use to whoever waits. */
export const DNS_TIMEOUT_MS = 3000;

export interface FoundAt {
  readonly records: readonly PlainRecord[];
  /** The name is an alias: nothing can stand there beside it. */
  readonly alias: boolean;
}

/** One server of a zone that is being asked and changed. Everything throws `DnsFailure`. */
export interface OpenZone {
  readonly server: string;
  /** @throws DnsFailure `not-auth-zone` too */
  readonly serial: () => Promise<number>;
  readonly ask: (name: string, type: 'SRV' | 'TXT') => Promise<FoundAt>;
  /** Answers the zone's serial afterwards, null when it was not learned. */
  readonly send: (write: PlannedWrite) => Promise<number | null>;
}

export const plainRecord = ({ name, ttlSeconds, data }: FoundRecord): PlainRecord[] => {
  if (data.type === 'SRV') return [{ name: plainName(name), ttlSeconds, data: { ...data, target: data.target === '.' ? '.' : plainName(data.target) } }];
  return data.type === 'TXT' ? [{ name: plainName(name), ttlSeconds, data }] : [];
};

/** The prerequisite, then what goes before what comes: one message, done as a whole or not at all. */
export const contentOf = ({ claim, add, remove }: PlannedWrite): { readonly prerequisites: readonly Prerequisite[]; readonly changes: readonly Change[] } => {
  const { name, before, after, ttlSeconds } = claim;
  const claimed = (strings: readonly string[]) => ({ type: 'TXT', strings }) as const;
  return {
    prerequisites: [before === null ? { kind: 'set-absent', name, type: 'TXT' } : { kind: 'set-equals', name, data: [claimed(before)] }],
    changes: [
      ...(before === null ? [] : [{ kind: 'remove-set', name, type: 'TXT' } as const]),
      ...remove.map((record): Change => ({ kind: 'remove-record', name: record.name, data: record.data })),
      ...add.map((record): Change => ({ kind: 'add', ...record })),
      ...(after === null ? [] : [{ kind: 'add', name, ttlSeconds, data: claimed(after) } as const]),
    ],
  };
};

const notServed = (server: string, zone: string, why: string, rcode?: string): DnsFailure =>
  new DnsFailure('not-auth-zone', `${server} does not serve the zone ${zone}: ${why}`, rcode === undefined ? {} : { rcode });

/** The zone as one server has it, asked without recursion and, with a key, believed only when signed. */
export const openZone = ({ policy, protocol }: RegistrarDomain, standing: ServerStanding, key: TsigKey | undefined, clock: Clock = systemClock): OpenZone => {
  const { zone } = policy;
  const { name: server, address } = standing;
  const way: Way = { server: address, protocol, timeoutMs: DNS_TIMEOUT_MS, clock, ...(key === undefined ? {} : { key }) };
  return {
    server,
    serial: async () => {
      try {
        const { records, authoritative, serverTimeMs } = await query({ ...way, name: zone, type: 'SOA', recursive: false });
        if (serverTimeMs !== undefined) standing.clocksRead({ serverMs: serverTimeMs, ownMs: clock.nowMs() });
        const [soa] = records;
        if (soa !== undefined && authoritative) return soa.data.serial;
      } catch (error) {
        // A server without the zone refuses the question: that is no policy of ours to mend.
        if (isDnsFailure(error, 'refused')) throw notServed(server, zone, 'it refuses questions about it', error.rcode);
        throw error;
      }
      throw notServed(server, zone, 'it is not authoritative for a zone of that name');
    },
    ask: async (name, type) => {
      const { records, aliases } = await query({ ...way, name, type, recursive: false });
      return aliases.length > 0 ? { records: [], alias: true } : { records: records.flatMap(plainRecord), alias: false };
    },
    send: async (write) => (await update({ ...way, zone, ...contentOf(write), withSerial: true })).serial ?? null,
  };
};
