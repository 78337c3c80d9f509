import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** ACPI 6.5 section 5.2.6, and the marker structure that stands behind the header of a `SLIC`. */
const HEADER_BYTES = 36;
const MARKER = { type: 1, bytes: 182, flagAt: 26 };

const ascii = (text: string, bytes: number): Buffer => Buffer.from(text.padEnd(bytes).slice(0, bytes), 'latin1');

const slicTable = (flag: string): Buffer => {
  const table = Buffer.alloc(HEADER_BYTES + MARKER.bytes);
  ascii('SLIC', 4).copy(table, 0);
  table.writeUInt32LE(table.length, 4);
  table[8] = 1;
  ascii('MAKER', 6).copy(table, 10);
  ascii('MODEL', 8).copy(table, 16);
  table.writeUInt32LE(MARKER.type, HEADER_BYTES);
  table.writeUInt32LE(MARKER.bytes, HEADER_BYTES + 4);
  ascii(flag, 8).copy(table, HEADER_BYTES + MARKER.flagAt);
  table[9] = (0x100 - (table.reduce((sum, byte) => sum + byte, 0) & 0xff)) & 0xff;
  return table;
};

/** A directory as Linux shows the firmware's tables, with a `SLIC` of this flag, or without any. */
export const firmwareDirectory = (dir: string, flag?: string): string => {
  mkdirSync(dir, { recursive: true });
  if (flag !== undefined) writeFileSync(join(dir, 'SLIC'), slicTable(flag));
  return dir;
};
