import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '@muster/kernel';
import { byZone, srvOf, textsOf, type WantedRecord } from './record-data.js';

/** In single quotes PowerShell takes everything as it stands. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const two = (value: number): string => String(value).padStart(2, '0');

/** A .NET time span: `00:05:00`, or `1.00:00:00` from a day on. */
const timeSpan = (seconds: number): string => {
  const days = Math.floor(seconds / DAY_SECONDS);
  const clock = [Math.floor((seconds % DAY_SECONDS) / HOUR_SECONDS), Math.floor((seconds % HOUR_SECONDS) / MINUTE_SECONDS), seconds % MINUTE_SECONDS].map(two).join(':');
  return days === 0 ? clock : `${days}.${clock}`;
};

/** As the DNS console shows it: below the zone, `@` for the zone itself. */
const nameIn = ({ name, zone }: WantedRecord): string => (name === zone ? '@' : name.slice(0, -zone.length - 1));

const line = (record: WantedRecord): string => {
  const common = ['-ZoneName', literal(record.zone), '-Name', literal(nameIn(record)), '-TimeToLive', timeSpan(record.ttlSeconds)];
  if (record.type === 'TXT') return ['Add-DnsServerResourceRecord', '-Txt', ...common, '-DescriptiveText', literal(textsOf(record).join(''))].join(' ');
  const { priority, weight, port, target } = srvOf(record);
  return ['Add-DnsServerResourceRecord', '-Srv', ...common, '-DomainName', literal(target), '-Priority', priority, '-Weight', weight, '-Port', port].join(' ');
};

/** PowerShell for the DNS server of Windows: to be run there, or with `-ComputerName` from elsewhere. */
export const windowsLines = (records: readonly WantedRecord[]): readonly string[] => [...byZone(records).values()].flatMap((inZone) => inZone.map(line));
