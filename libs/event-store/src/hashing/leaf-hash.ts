import { hash } from 'node:crypto';
import type { RecordedEvent } from '@muster/contracts';

export const HASH_BYTES = 32;

/** The running hash of an empty ledger. */
export const GENESIS_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** What a leaf hash covers: the header and the exact body bytes, nothing derived from them. */
export type LeafFields = Omit<RecordedEvent, 'columns' | 'leafHash' | 'runningHash'>;

/** RFC 6962 section 2.1 separates leaves (0x00) from inner nodes (0x01); the chain takes the next free prefix. */
const LEAF_PREFIX = 0x00;
const CHAIN_PREFIX = 0x02;

const U32_BYTES = 4;
const U64_BYTES = 8;
/** Stands where a length would: no field is that long, so an absent field differs from an empty one. */
const ABSENT = 0xffff_ffff;
const FIELDS = 9;

// By way of a string: its buffer comes from Node's pool, where `'buffer'` allocates one outside the heap each time (0.4 against 0.7 µs).
const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

// One buffer for all leaves: hashing is synchronous, so nobody else can hold it meanwhile.
let scratch = Buffer.allocUnsafe(4096);

const scratchOf = (bytes: number): Buffer => {
  if (scratch.length < bytes) scratch = Buffer.allocUnsafe(bytes * 2);
  return scratch;
};

const putU64 = (into: Buffer, at: number, value: number): number => {
  into.writeUInt32BE(U64_BYTES, at);
  into.writeUInt32BE(Math.floor(value / 2 ** 32), at + U32_BYTES);
  into.writeUInt32BE(value >>> 0, at + U32_BYTES * 2);
  return at + U32_BYTES + U64_BYTES;
};

const putText = (into: Buffer, at: number, text: string): number => {
  const bytes = into.write(text, at + U32_BYTES, 'utf8');
  into.writeUInt32BE(bytes, at);
  return at + U32_BYTES + bytes;
};

const putAbsent = (into: Buffer, at: number): number => into.writeUInt32BE(ABSENT, at);

/** UTF-8 needs at most three bytes for each UTF-16 code unit. */
const textBytesMax = (text: string | null): number => (text === null ? 0 : text.length * 3);

const leafBytesMax = (leaf: LeafFields): number =>
  1 + FIELDS * U32_BYTES + 3 * U64_BYTES + U32_BYTES + leaf.body.length + textBytesMax(leaf.ledger) + textBytesMax(leaf.type) + textBytesMax(leaf.actor) + textBytesMax(leaf.requestId);

/**
 * SHA-256 over `0x00` and, in this order, ledger, position, recordedAt, type, version, actor, requestId, causationId, body.
 *
 * Each field stands behind its length in bytes (u32, big endian). Texts are UTF-8; position, recordedAt (milliseconds since the
 * epoch) and causationId are u64, version is u32, all big endian. An absent requestId or causationId is the length 0xFFFFFFFF and no bytes.
 * Frozen: every hash in every ledger depends on it.
 */
export const leafHash = (leaf: LeafFields): Uint8Array => {
  const into = scratchOf(leafBytesMax(leaf));
  into[0] = LEAF_PREFIX;
  let at = putText(into, 1, leaf.ledger);
  at = putU64(into, at, leaf.position);
  at = putU64(into, at, leaf.recordedAtMs);
  at = putText(into, at, leaf.type);
  at = into.writeUInt32BE(U32_BYTES, at);
  at = into.writeUInt32BE(leaf.version, at);
  at = putText(into, at, leaf.actor);
  at = leaf.requestId === null ? putAbsent(into, at) : putText(into, at, leaf.requestId);
  at = leaf.causationId === null ? putAbsent(into, at) : putU64(into, at, leaf.causationId);
  at = into.writeUInt32BE(leaf.body.length, at);
  into.set(leaf.body, at);
  return sha256(into.subarray(0, at + leaf.body.length));
};

const chainInput = Buffer.alloc(1 + HASH_BYTES * 2, CHAIN_PREFIX);

/** SHA-256 over `0x02`, the running hash before, and the leaf hash: one linear pass shows any edit. */
export const runningHash = (previous: Uint8Array, leaf: Uint8Array): Uint8Array => {
  if (previous.length !== HASH_BYTES || leaf.length !== HASH_BYTES) throw new Error(`a hash must have ${HASH_BYTES} bytes`);
  chainInput.set(previous, 1);
  chainInput.set(leaf, 1 + HASH_BYTES);
  return sha256(chainInput);
};

interface Place {
  readonly position: number;
  readonly runningHash: Uint8Array;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Positions alone would take a ledger restored from a backup for the one that was read. */
export const sameHead = (a: Place, b: Place): boolean => a.position === b.position && sameBytes(a.runningHash, b.runningHash);
