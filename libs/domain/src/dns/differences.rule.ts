import type { DnsDifference } from '@muster/contracts';
import { endpointId, endpointIdOf } from '@muster/contracts';
import type { PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { addressOf, plainName } from './names.js';
import { dataText } from './record-text.js';
import type { Stand } from './stands.js';
import { recordKey } from './stands.js';

const textOf = (record: PlainRecord): string => dataText(record);

const withTtl = (record: PlainRecord): string => `${record.ttlSeconds} ${dataText(record)}`;

const at = (records: readonly PlainRecord[], { name, type }: { readonly name: string; readonly type: 'SRV' | 'TXT' }): readonly PlainRecord[] =>
  records.filter((record) => plainName(record.name) === name && record.data.type === type);

const compared = (endpoint: string, wanted: PlainRecord, found: readonly PlainRecord[], absent: 'missing' | 'scheme'): readonly DnsDifference[] => {
  const said = { name: wanted.name, endpoint };
  const [same] = found.filter((record) => recordKey(record) === recordKey(wanted));
  const others = found.filter((record) => recordKey(record) !== recordKey(wanted)).map(textOf);
  if (found.length === 0) return [{ ...said, kind: absent, wanted: textOf(wanted), found: null }];
  if (others.length > 0) return [{ ...said, kind: 'different', wanted: textOf(wanted), found: [...(same === undefined ? [] : [textOf(same)]), ...others].sort().join(', ') }];
  return same === undefined || same.ttlSeconds === wanted.ttlSeconds ? [] : [{ ...said, kind: 'ttl', wanted: withTtl(wanted), found: withTtl(same) }];
};

/** How what stands under one claim differs from what is to. */
const differencesAt = ({ endpoint, wanted, found, holder }: Stand, { endpoints }: DnsState): readonly DnsDifference[] => {
  const names = [...new Set([...wanted, ...found].map(({ name }) => plainName(name)))];
  const isOurs = holder.kind === 'ours' || (holder.kind === 'nobody' && endpoints.has(endpoint));
  return names.flatMap((name) => {
    const [srv, ...text] = [...at(wanted, { name, type: 'SRV' }), ...at(wanted, { name, type: 'TXT' })];
    const [live, liveText] = [at(found, { name, type: 'SRV' }), at(found, { name, type: 'TXT' })];
    if (srv === undefined) return live.map((record): DnsDifference => ({ kind: isOurs ? 'stale' : 'foreign', name, endpoint, wanted: null, found: textOf(record) }));
    const beside = live.length === 0 ? [] : text.flatMap((record) => compared(endpoint, record, liveText, 'scheme'));
    return [...compared(endpoint, srv, live, 'missing'), ...beside];
  });
};

/** How DNS differs from what is wanted, by the SRV records and the texts beside them. */
export const differencesOf = (stands: readonly Stand[], records: readonly PlainRecord[], state: DnsState): readonly DnsDifference[] => {
  const known = new Set(stands.flatMap(({ found }) => found));
  const strangers = records.filter((record) => record.data.type === 'SRV' && !known.has(record));
  const foreign = strangers.map((record): DnsDifference => {
    const address = addressOf(record);
    const id = address === undefined ? '' : endpointIdOf(address);
    return { kind: 'foreign', name: plainName(record.name), endpoint: endpointId.safeParse(id).success ? id : null, wanted: null, found: textOf(record) };
  });
  return [...stands.flatMap((stand) => differencesAt(stand, state)), ...foreign];
};
