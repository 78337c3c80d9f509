import { byZone, fullName, type WantedRecord, zoneData } from './record-data.js';

/** Lines of a zone file: they hold under any `$ORIGIN` and `$TTL`. */
export const bindLines = (records: readonly WantedRecord[]): readonly string[] =>
  [...byZone(records)].flatMap(([zone, inZone], index) => {
    const width = Math.max(...inZone.map(({ name }) => fullName(name).length));
    return [
      ...(index === 0 ? [] : ['']),
      `; zone ${zone}`,
      ...inZone.map((record) => `${fullName(record.name).padEnd(width)} ${record.ttlSeconds} IN ${record.type} ${zoneData(record)}`),
    ];
  });
