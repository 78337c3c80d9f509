import { fromBase64Url32 } from './machine-bytes.js';

/** Type identifiers of PostgreSQL's own catalogue (`pg_type.dat`); they never change. */
const oids = { bool: 16, bytea: 17, int2: 21, text: 25, uuid: 2950 } as const;

const HEADER_BYTES = 20;
const NULL_LENGTH = -1;

const header = (into: Buffer, oid: number, length: number): void => {
  into.writeInt32BE(length === 0 ? 0 : 1, 0); // dimensions
  into.writeInt32BE(1, 4); // may hold nulls
  into.writeInt32BE(oid, 8);
  if (length === 0) return;
  into.writeInt32BE(length, 12);
  into.writeInt32BE(1, 16); // lower bound
};

const headerBytes = (length: number): number => (length === 0 ? 12 : HEADER_BYTES);

const fixed = <T>(oid: number, bytes: number, put: (into: Buffer, at: number, value: T) => void) => (values: readonly (T | null)[]): Buffer => {
  const nulls = values.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  const into = Buffer.allocUnsafe(headerBytes(values.length) + values.length * 4 + (values.length - nulls) * bytes);
  header(into, oid, values.length);
  let at = headerBytes(values.length);
  for (const value of values) {
    at = into.writeInt32BE(value === null ? NULL_LENGTH : bytes, at);
    if (value === null) continue;
    put(into, at, value);
    at += bytes;
  }
  return into;
};

const variable = <T>(oid: number, bytesMax: (value: T) => number, put: (into: Buffer, at: number, value: T) => number) => (values: readonly (T | null)[]): Buffer => {
  let size = headerBytes(values.length);
  for (const value of values) size += 4 + (value === null ? 0 : bytesMax(value));
  const into = Buffer.allocUnsafe(size);
  header(into, oid, values.length);
  let at = headerBytes(values.length);
  for (const value of values) {
    if (value === null) {
      at = into.writeInt32BE(NULL_LENGTH, at);
      continue;
    }
    const bytes = put(into, at + 4, value);
    into.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  return into.subarray(0, at);
};

/**
 * Arrays in PostgreSQL's binary form (`array_send`): the driver passes a Buffer through as it is, so a body is copied once
 * and never escaped, and a hash is not written as hexadecimal.
 */
export const pgArray = {
  bool: fixed<boolean>(oids.bool, 1, (into, at, value) => (into[at] = value ? 1 : 0)),
  int2: fixed<number>(oids.int2, 2, (into, at, value) => into.writeInt16BE(value, at)),
  uuid: fixed<string>(oids.uuid, 16, (into, at, value) => into.write(value.replaceAll('-', ''), at, 'hex')),
  /** From base64url of 32 bytes. */
  bytes32: fixed<string>(oids.bytea, 32, fromBase64Url32),
  text: variable<string>(
    oids.text,
    (value) => value.length * 3,
    (into, at, value) => into.write(value, at, 'utf8'),
  ),
  bytea: variable<Uint8Array>(
    oids.bytea,
    (value) => value.length,
    (into, at, value) => (into.set(value, at), value.length),
  ),
};
