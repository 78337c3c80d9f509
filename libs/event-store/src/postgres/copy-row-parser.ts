import type { SeenCode } from '@muster/contracts';
import type { ColumnsRow } from '../event-store.port.js';
import { readInt64, readTimestampMs } from './pg-values.js';

/** Signature (11 bytes), flags, length of an extension that no server sends yet (PostgreSQL: COPY, "Binary Format"). */
const HEADER_BYTES = 19;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

const FIELDS = 6;
const TRAILER = -1;

/** Field count, then position, recorded_at, kind and seen behind their lengths: the part of a row that never varies. */
const FIXED_BYTES = 2 + (4 + 8) + (4 + 8) + (4 + 2) + (4 + 2);
const POSITION_AT = 2 + 4;
const RECORDED_AT = POSITION_AT + 8 + 4;
const KIND_AT = RECORDED_AT + 8 + 4;
const SEEN_AT = KIND_AT + 2 + 4;

/** The select list that this parser reads. */
export const COPY_COLUMNS = 'position, recorded_at, kind, seen, pool, machine';

// A loop beats the native comparison for names this short.
const holdsAt = (from: Buffer, start: number, end: number, bytes: Buffer): boolean => {
  if (bytes.length !== end - start) return false;
  for (let index = 0; index < bytes.length; index += 1) if (from[start + index] !== bytes[index]) return false;
  return true;
};

/** Pools are few and repeat: each name becomes one string, found by its bytes. */
const interning = (): ((from: Buffer, start: number, end: number) => string) => {
  const known = new Map<string, string>();
  let lastBytes = Buffer.alloc(0);
  let last = '';
  return (from, start, end) => {
    if (holdsAt(from, start, end, lastBytes)) return last;
    const text = from.toString('utf8', start, end);
    last = known.get(text) ?? text;
    known.set(last, last);
    lastBytes = Buffer.from(from.subarray(start, end));
    return last;
  };
};

/** Takes the chunks of a binary COPY as they come and calls back for each row. Keeps at most one unfinished row. */
export const copyRowParser = (onRow: (row: ColumnsRow) => void): ((chunk: Buffer) => void) => {
  const poolOf = interning();
  let rest: Buffer = Buffer.alloc(0);
  let started = false;

  /** Where the row that begins at `start` ends, or -1 when its end has not come yet. */
  const parseRow = (from: Buffer, start: number): number => {
    const poolAt = start + FIXED_BYTES;
    if (from.length < poolAt + 4) return -1;
    const poolBytes = from.readInt32BE(poolAt);
    const poolEnd = poolAt + 4 + Math.max(0, poolBytes);
    if (from.length < poolEnd + 4) return -1;
    const machineBytes = from.readInt32BE(poolEnd);
    const end = poolEnd + 4 + Math.max(0, machineBytes);
    if (from.length < end) return -1;
    onRow({
      position: readInt64(from, start + POSITION_AT),
      recordedAtMs: readTimestampMs(from, start + RECORDED_AT),
      kind: from.readInt16BE(start + KIND_AT),
      seen: from.readInt16BE(start + SEEN_AT) as SeenCode,
      pool: poolBytes < 0 ? null : poolOf(from, poolAt + 4, poolEnd),
      machine: machineBytes < 0 ? null : from.toString('base64url', poolEnd + 4, end),
    });
    return end;
  };

  const skipHeader = (from: Buffer): number => {
    if (!from.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('not the binary form of COPY');
    started = true;
    return HEADER_BYTES;
  };

  return (chunk) => {
    const from = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (!started && from.length >= HEADER_BYTES) at = skipHeader(from);
    while (started && from.length >= at + 2) {
      const fields = from.readInt16BE(at);
      if (fields === TRAILER) {
        at = from.length;
        break;
      }
      if (fields !== FIELDS) throw new Error(`a row of ${fields} fields where ${FIELDS} were asked for`);
      const end = parseRow(from, at);
      if (end < 0) break;
      at = end;
    }
    rest = from.subarray(at);
  };
};
