import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADER_BYTES = 36;
const MARKER_BYTES = 182;
const MARKER_FLAG_AT = 26;

const text = (bytes: Buffer, at: number, value: string): void => void bytes.write(value, at, 'latin1');

/** A `SLIC` table as firmware has it: a header that adds up, and a marker structure with this flag of eight characters. */
export const slicTable = (flag: string): Buffer => {
  const table = Buffer.alloc(HEADER_BYTES + MARKER_BYTES);
  text(table, 0, 'SLIC');
  table.writeUInt32LE(table.length, 4);
  text(table, 10, 'ACRSYS');
  text(table, 16, 'ACRPRDCT');
  table.writeUInt32LE(1, HEADER_BYTES);
  table.writeUInt32LE(MARKER_BYTES, HEADER_BYTES + 4);
  text(table, HEADER_BYTES + MARKER_FLAG_AT, flag.padEnd(8).slice(0, 8));
  table[9] = (0x100 - (table.reduce((sum, byte) => sum + byte, 0) & 0xff)) & 0xff;
  return table;
};

/** A directory that shows a machine's tables as Linux does; `flag` null for a machine without any. */
export const firmwareTables = (directory: string, flag: string | null): string => {
  mkdirSync(directory, { recursive: true });
  if (flag !== null) writeFileSync(join(directory, 'SLIC'), slicTable(flag));
  return directory;
};
