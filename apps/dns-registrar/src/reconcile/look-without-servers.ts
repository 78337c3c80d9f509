import { Resolver } from 'node:dns';
import type { DnsFailureReport } from '@muster/contracts';
import type { DnsDomainPolicy } from '@muster/domain';
import type { ServerAddress } from '@muster/dns-wire';
import { formatServerAddress, isDnsFailure, parseServerAddress, query } from '@muster/dns-wire';
import { toInstant } from '@muster/kernel';
import type { Look, LookParts } from './look-at-domain.js';
import { lookAtDomain } from './look-at-domain.js';
import type { OpenZone } from './open-zone.js';
import { DNS_TIMEOUT_MS, plainRecord } from './open-zone.js';
import { reportOf, type ZoneOutcome } from './zone-access.js';

const systemResolvers = (): readonly ServerAddress[] => new Resolver().getServers().map(parseServerAddress);

const askResolver =
  (server: ServerAddress, { ttlSeconds }: DnsDomainPolicy): OpenZone['ask'] =>
  async (name, type) => {
    const { records, aliases, authoritative } = await query({ server, name, type, timeoutMs: DNS_TIMEOUT_MS });
    // Out of a cache a lower TTL says how long it stays there, and nothing about the record.
    const whole = records.flatMap(plainRecord).map((record) => (authoritative || record.ttlSeconds > ttlSeconds ? record : { ...record, ttlSeconds }));
    return aliases.length > 0 ? { records: [], alias: true } : { records: whole, alias: false };
  };

/** What clients see, by the first resolver that answers. Without servers nobody writes claims, and nothing can be changed. */
export const lookWithoutServers = async (resolvers: readonly ServerAddress[], parts: LookParts): Promise<ZoneOutcome<Look>> => {
  let failure: DnsFailureReport = { kind: 'unreachable', detail: 'this machine has no resolver', server: null, at: toInstant(parts.clock.nowMs()) };
  for (const resolver of resolvers.length > 0 ? resolvers : systemResolvers()) {
    const server = formatServerAddress(resolver);
    try {
      return { kind: 'done', server, value: await lookAtDomain(askResolver(resolver, parts.policy), parts) };
    } catch (error) {
      if (!isDnsFailure(error)) throw error;
      failure = reportOf(error, server, parts.clock.nowMs());
    }
  }
  return { kind: 'failed', failure };
};
