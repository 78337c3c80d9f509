import type { DnsRecords } from '@muster/contracts';

/** A record that is to stand in DNS. */
export type WantedRecord = DnsRecords['records'][number];

export interface SrvData {
  readonly priority: string;
  readonly weight: string;
  readonly port: string;
  /** Without the final dot. */
  readonly target: string;
}

const SRV = /^(\d{1,5}) (\d{1,5}) (\d{1,5}) (\S+?)\.?$/;
const TXT = /"((?:[^"\\]|\\.)*)"/g;

/** A name that is not taken for one below the zone: with its final dot. */
export const fullName = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

/** What an SRV record says. @throws Error when the host wrote something else */
export const srvOf = ({ data }: Pick<WantedRecord, 'data'>): SrvData => {
  const [, priority, weight, port, target] = SRV.exec(data) ?? [];
  if (priority === undefined || weight === undefined || port === undefined || target === undefined) throw new Error(`not the data of an SRV record: ${data}`);
  return { priority, weight, port, target };
};

const unescaped = (text: string): string => text.replace(/\\(\d{3}|.)/g, (_, escaped: string) => (escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped));

/** The strings of a TXT record. @throws Error when the host wrote something else */
export const textsOf = ({ data }: Pick<WantedRecord, 'data'>): readonly string[] => {
  const strings = [...data.matchAll(TXT)].map(([, text = '']) => unescaped(text));
  if (strings.length === 0) throw new Error(`not the data of a TXT record: ${data}`);
  return strings;
};

/** As a zone file has it (RFC 1035, 5.1). */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, (letter) => `\\${letter}`)}"`;

/** The data as master files and Route 53 have it: names with their final dots, texts quoted. */
export const zoneData = (record: WantedRecord): string => {
  if (record.type === 'TXT') return textsOf(record).map(quoted).join(' ');
  const { priority, weight, port, target } = srvOf(record);
  return `${priority} ${weight} ${port} ${fullName(target)}`;
};

/** Records by their zone, in the order in which zones first come. */
export const byZone = (records: readonly WantedRecord[]): ReadonlyMap<string, readonly WantedRecord[]> => {
  const zones = new Map<string, WantedRecord[]>();
  for (const record of records) zones.set(record.zone, [...(zones.get(record.zone) ?? []), record]);
  return zones;
};
