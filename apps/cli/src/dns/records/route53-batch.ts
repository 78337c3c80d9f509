import { CliFailure } from '../../failure/cli-failure.js';
import { byZone, fullName, type WantedRecord, zoneData } from './record-data.js';

interface RecordSet {
  readonly Name: string;
  readonly Type: WantedRecord['type'];
  TTL: number;
  readonly ResourceRecords: { readonly Value: string }[];
}

/** What `aws route53 change-resource-record-sets --change-batch` reads. */
export interface ChangeBatch {
  readonly Comment: string;
  readonly Changes: readonly { readonly Action: 'UPSERT'; readonly ResourceRecordSet: RecordSet }[];
}

/** Sets of records: Route 53 knows no single ones. All of a set have one TTL, so the lowest holds. */
const setsOf = (records: readonly WantedRecord[]): readonly RecordSet[] => {
  const sets = new Map<string, RecordSet>();
  for (const record of records) {
    const key = `${record.type} ${record.name}`;
    const set = sets.get(key) ?? { Name: fullName(record.name), Type: record.type, TTL: record.ttlSeconds, ResourceRecords: [] };
    set.TTL = Math.min(set.TTL, record.ttlSeconds);
    const Value = zoneData(record);
    if (!set.ResourceRecords.some((other) => other.Value === Value)) set.ResourceRecords.push({ Value });
    sets.set(key, set);
  }
  return [...sets.values()];
};

/** A change batch, which is for one hosted zone. @throws CliFailure `usage` when the records lie in several */
export const route53Batch = (records: readonly WantedRecord[]): ChangeBatch => {
  const zones = [...byZone(records).keys()];
  if (zones.length > 1) throw new CliFailure('usage', `A change batch is for one hosted zone, and the records lie in ${zones.join(', ')}.`, { remedy: 'Name the domains of one zone by --domain.' });
  return {
    Comment: zones.length === 0 ? 'Muster: nothing is to stand in DNS' : `Muster: what is to stand in ${zones.join('')}. UPSERT replaces whole sets, other values at these names included.`,
    Changes: setsOf(records).map((ResourceRecordSet) => ({ Action: 'UPSERT', ResourceRecordSet })),
  };
};
