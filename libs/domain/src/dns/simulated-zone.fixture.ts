import type { ZoneView } from './dns.fixture.js';
import type { PlannedWrite } from './dns.plan.js';
import type { PlainRecord } from './dns.records.js';
import { recordKey } from './stands.js';
import { setKey } from './plan-write.rule.js';

export interface SimulatedZone extends ZoneView {
  /** One UPDATE as RFC 2136 has it: all prerequisites, then all changes, or nothing. */
  readonly apply: (write: PlannedWrite) => 'NOERROR' | 'NXRRSET' | 'YXRRSET';
  readonly put: (record: PlainRecord) => void;
  readonly putClaim: (name: string, strings: readonly string[]) => void;
  readonly records: () => readonly PlainRecord[];
  /** Equal for zones that hold the same. */
  readonly print: () => string;
  /** How often something was changed. */
  readonly serial: () => number;
  /** How often a claim's name was changed. */
  readonly versionOf: (claimName: string) => number;
}

/** A zone in memory with BIND's ways: a TTL is the whole set's, removing what is not there succeeds. */
export const simulatedZone = (): SimulatedZone => {
  const records = new Map<string, PlainRecord>();
  const claims = new Map<string, readonly (readonly string[])[]>();
  const versions = new Map<string, number>();
  let serial = 0;
  const add = (record: PlainRecord): void => {
    for (const [key, other] of records) if (setKey(other) === setKey(record)) records.set(key, { ...other, ttlSeconds: record.ttlSeconds });
    records.set(recordKey(record), record);
  };
  const print = (): string => JSON.stringify([[...records.values()].map((record) => `${recordKey(record)} ${record.ttlSeconds}`).sort(), [...claims].filter(([, set]) => set.length > 0).sort()]);
  return {
    apply: ({ claim, add: added, remove }) => {
      const set = claims.get(claim.name) ?? [];
      if (claim.before === null && set.length > 0) return 'YXRRSET';
      if (claim.before !== null && JSON.stringify(set) !== JSON.stringify([claim.before])) return 'NXRRSET';
      const printed = print();
      claims.set(claim.name, claim.after === null ? [] : [claim.after]);
      for (const record of remove) records.delete(recordKey(record));
      for (const record of added) add(record);
      if (print() !== printed) serial += 1;
      versions.set(claim.name, (versions.get(claim.name) ?? 0) + 1);
      return 'NOERROR';
    },
    put: add,
    putClaim: (name, strings) => claims.set(name, [...(claims.get(name) ?? []), strings]),
    recordsAt: (names) => [...records.values()].filter(({ name }) => names.includes(name)),
    claimsAt: (name) => claims.get(name) ?? [],
    records: () => [...records.values()],
    print,
    serial: () => serial,
    versionOf: (claimName) => versions.get(claimName) ?? 0,
  };
};
