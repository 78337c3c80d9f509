import { HEADER_BYTES } from './acpi-table.js';

const MARKER_BYTES = 182;
const PUBLIC_KEY_BYTES = 156;

const padded = (text: string, bytes: number, fill = ' '): Buffer => Buffer.from(text.padEnd(bytes, fill).slice(0, bytes), 'latin1');

/** Type and length, then whatever is given, filled up with zeros. */
export const structure = (type: number, length: number, body: Buffer = Buffer.alloc(0)): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(length, 4);
  body.copy(bytes, 8, 0, Math.max(0, length - 8));
  return bytes;
};

export const publicKey = (): Buffer => structure(0, PUBLIC_KEY_BYTES, Buffer.from('0602000000240000525341310004000001000100', 'hex'));

export const marker = (flag: string): Buffer =>
  structure(1, MARKER_BYTES, Buffer.concat([Buffer.from('00000200', 'hex'), padded('ACRSYS', 6), padded('ACRPRDCT', 8), padded(flag, 8), Buffer.from('01000200', 'hex')]));

interface TableParts {
  readonly signature?: string;
  readonly oemId?: string;
  readonly oemTableId?: string;
  readonly body?: Buffer;
  /** As the header states it. */
  readonly length?: number;
}

/** A table with a header that adds up. */
export const acpiTable = ({ signature = 'SLIC', oemId = 'ACRSYS', oemTableId = 'ACRPRDCT', body = Buffer.concat([publicKey(), marker('WINDOWS ')]), length }: TableParts = {}): Buffer => {
  const table = Buffer.concat([Buffer.alloc(HEADER_BYTES), body]);
  padded(signature, 4).copy(table, 0);
  table.writeUInt32LE(length ?? table.length, 4);
  table[8] = 1;
  padded(oemId, 6).copy(table, 10);
  padded(oemTableId, 8).copy(table, 16);
  padded('MSFT', 4).copy(table, 28);
  table[9] = (0x100 - (table.reduce((sum, byte) => sum + byte, 0) & 0xff)) & 0xff;
  return table;
};
