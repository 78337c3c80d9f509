import { tableLines } from '../../terminal/table.js';
import { counted } from '../../terminal/words.js';
import { byZone, srvOf, textsOf, type WantedRecord } from './record-data.js';

const named = [
  { title: '  name', cell: ({ name }: WantedRecord) => `  ${name}` },
  { title: 'TTL', cell: ({ ttlSeconds }: WantedRecord) => String(ttlSeconds), right: true },
];

const zoneLines = (zone: string, records: readonly WantedRecord[]): readonly string[] => {
  const srv = records.filter(({ type }) => type === 'SRV');
  const txt = records.filter(({ type }) => type === 'TXT');
  return [
    `In zone ${zone}: ${counted(srv.length, 'SRV record')} and ${counted(txt.length, 'TXT record')}`,
    '',
    ...tableLines<WantedRecord>(
      [
        ...named,
        { title: 'priority', cell: (record) => srvOf(record).priority, right: true },
        { title: 'weight', cell: (record) => srvOf(record).weight, right: true },
        { title: 'port', cell: (record) => srvOf(record).port, right: true },
        { title: 'target', cell: (record) => srvOf(record).target },
      ],
      srv,
    ),
    ...(txt.length === 0 ? [] : ['']),
    ...tableLines<WantedRecord>([...named, { title: 'text', cell: (record) => textsOf(record).join('') }], txt).slice(txt.length === 0 ? 1 : 0),
  ];
};

/** The records as they are entered by hand, field by field. */
export const textLines = (records: readonly WantedRecord[]): readonly string[] => [...byZone(records)].flatMap(([zone, inZone], index) => [...(index === 0 ? [] : ['']), ...zoneLines(zone, inZone)]);
