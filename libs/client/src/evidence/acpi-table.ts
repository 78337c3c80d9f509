import type { FirmwareTable } from '@muster/contracts';
import { markerIn } from './slic-marker.js';
import { textAt } from './table-text.js';

export type TableName = FirmwareTable['table'];
export type Unreadable = Extract<FirmwareTable, { readonly status: 'unreadable' }>;

/** ACPI 6.5 section 5.2.6: signature 4, length 4, revision 1, checksum 1, OEM id 6, OEM table id 8, OEM revision 4, creator id 4, creator revision 4. */
export const HEADER_BYTES = 36;
const LENGTH_AT = 4;
const OEM_ID = { at: 10, bytes: 6 };
const OEM_TABLE_ID = { at: 16, bytes: 8 };

const unreadable = (table: TableName, why: Unreadable['why']): Unreadable => ({ table, status: 'unreadable', why });

/** All bytes of a good table, its checksum included, add up to zero. */
const addsUp = (bytes: Uint8Array): boolean => (bytes.reduce((sum, byte) => sum + byte, 0) & 0xff) === 0;

/**
 * Reads what a licensing table says, from its bytes alone: total, so that no firmware, however broken, makes it throw.
 *
 * Nothing of an `MSDM` but its header is looked at: behind it stands a product key that is nobody's business.
 */
export const parseAcpiTable = (table: TableName, bytes: Uint8Array): FirmwareTable => {
  if (bytes.length < HEADER_BYTES) return unreadable(table, 'bad-length');
  if (textAt(bytes, { at: 0, bytes: 4 }) !== table) return unreadable(table, 'bad-signature');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(LENGTH_AT, true);
  if (length !== bytes.length) return unreadable(table, 'bad-length');
  if (!addsUp(bytes)) return unreadable(table, 'bad-checksum');
  const oemTableId = textAt(bytes, OEM_TABLE_ID);
  const marked = table === 'SLIC' ? markerIn(bytes.subarray(HEADER_BYTES)) : { status: 'none' as const };
  if (marked.status === 'broken') return unreadable(table, 'bad-length');
  return { table, status: 'present', oemId: textAt(bytes, OEM_ID), oemTableId, marker: marked.status === 'found' ? marked.flag : oemTableId };
};
