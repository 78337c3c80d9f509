import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FirmwareEvidence, FirmwareTable } from '@muster/contracts';
import type { TableName, Unreadable } from './acpi-table.js';
import { parseAcpiTable } from './acpi-table.js';

/** Where Linux shows the firmware's tables, to root alone. */
export const ACPI_TABLES_DIRECTORY = '/sys/firmware/acpi/tables';

/** Licensing tables have a few hundred bytes; whatever is much longer is none. */
const TABLE_BYTES_MAX = 64 * 1024;

/** `SLIC` before `MSDM`: always in this order, so that the same firmware gives the same evidence. */
const TABLES: readonly TableName[] = ['SLIC', 'MSDM'];

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

const whyOf = (error: unknown): Unreadable['why'] => (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM' ? 'not-permitted' : 'unsupported');

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

const readBounded = (path: string): Uint8Array => {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(TABLE_BYTES_MAX + 1);
    let length = 0;
    // What sysfs gives at once is not said to be everything.
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(file, buffer, length, buffer.length - length, length);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
};

/** Linux numbers tables of which there are several. */
const namesOf = (table: TableName): readonly string[] => [table, `${table}1`];

const readTable = (directory: string, table: TableName): FirmwareTable => {
  for (const name of namesOf(table)) {
    try {
      return parseAcpiTable(table, readBounded(join(directory, name)));
    } catch (error) {
      if (!isMissing(error)) return { table, status: 'unreadable', why: whyOf(error) };
    }
  }
  return { table, status: 'absent' };
};

const isThere = (directory: string): boolean => {
  try {
    return statSync(directory).isDirectory();
  } catch (error) {
    return !isMissing(error); // what may not be looked at is there; the tables themselves then say so
  }
};

/**
 * What this machine's firmware says of its licence: whether there are licensing tables, whose they are and how they are marked. The tables themselves,
 * and the product key that an `MSDM` holds, are never in it. Never throws: what cannot be read is said to be so.
 */
export const readFirmwareEvidence = (directory: string = ACPI_TABLES_DIRECTORY): FirmwareEvidence => {
  // No such directory is not "no such table": on other systems nobody has looked.
  if (!isThere(directory)) return TABLES.map((table) => ({ table, status: 'unreadable', why: 'unsupported' }));
  return TABLES.map((table) => readTable(directory, table));
};
