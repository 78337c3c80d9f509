import type { DnsRecordText } from '@muster/contracts';
import type { PlainRecord } from './dns.records.js';

const quoted = (text: string): string => `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;

/** A record's data as zone files write it: `0 10 443 a.corp.example.`, `"v=muster1 …"`. */
export const dataText = ({ data }: Pick<PlainRecord, 'data'>): string =>
  data.type === 'SRV' ? `${data.priority} ${data.weight} ${data.port} ${data.target.replace(/\.$/, '')}.` : data.strings.map(quoted).join(' ');

export const recordText = (record: PlainRecord): DnsRecordText => ({ name: record.name, type: record.data.type, ttlSeconds: record.ttlSeconds, data: dataText(record) });
