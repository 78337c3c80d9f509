/** Midnight of 2000-01-01 UTC, from which PostgreSQL counts, in milliseconds since the Unix epoch. */
export const PG_EPOCH_MS = 946_684_800_000;
const MICROS = 1_000;

const U32 = 2 ** 32;

/** A `timestamptz` in binary form: whole milliseconds survive, which text and floating-point seconds do not promise. */
export const toTimestamp = (epochMs: number): Buffer => {
  const micros = BigInt(epochMs - PG_EPOCH_MS) * BigInt(MICROS);
  const into = Buffer.allocUnsafe(8);
  into.writeBigInt64BE(micros);
  return into;
};

/** A `bigint` column, as text, as a number. @throws Error beyond 2^53, where numbers are no longer exact */
export const safeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${text} is not a safe integer`);
  return value;
};

/** A signed 64-bit integer, big endian. Exact below 2^53. */
export const readInt64 = (from: Buffer, at: number): number => from.readInt32BE(at) * U32 + from.readUInt32BE(at + 4);

/** A binary `timestamptz` in milliseconds since the Unix epoch. */
export const readTimestampMs = (from: Buffer, at: number): number => readInt64(from, at) / MICROS + PG_EPOCH_MS;

/** SQL for an instant in whole milliseconds: what `safeInteger` reads back. */
export const epochMsSql = (expression: string): string => `round(extract(epoch from ${expression}) * 1000)::bigint`;
