import { malformed } from '../dns-failure.js';
import { formatName, NAME_BYTES_MAX } from './name.js';

const POINTER_BITS = 0xc0;

/** Reads a message front to back, never beyond its end; whatever does not fit throws `malformed`. */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, range: { readonly start?: number; readonly end?: number } = {}) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = range.start ?? 0;
    this.#end = range.end ?? bytes.byteLength;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** An unsigned number of 1 to 6 bytes, the most significant first. */
  uint(byteCount: 1 | 2 | 4 | 6): number {
    return this.#bytes.readUIntBE(this.#take(byteCount), byteCount);
  }

  /** A copy: what was read does not keep the message alive, nor change with it. */
  bytes(count: number): Buffer {
    const start = this.#take(count);
    return Buffer.from(this.#bytes.subarray(start, start + count));
  }

  /** A reader for the next bytes alone, which may follow pointers into all of the message; this one goes on behind them. */
  part(byteCount: number): WireReader {
    const start = this.#take(byteCount);
    return new WireReader(this.#bytes, { start, end: start + byteCount });
  }

  expectEnd(what: string): void {
    if (this.remaining !== 0) throw malformed(`${this.remaining} bytes too many in ${what}`);
  }

  /**
   * A name, compressed or not (RFC 1035 section 4.1.4). Each pointer must lead to before the part that it continues, which ends every loop, and
   * the name's own limit of 255 bytes bounds what is read.
   */
  name(): string {
    const labels: Buffer[] = [];
    let length = 1;
    let segmentStart = this.#offset;
    let jumped: WireReader | undefined; // the reader behind the first pointer, once there was one
    for (;;) {
      const source: WireReader = jumped ?? this;
      const size = source.uint(1);
      if (size === 0) return formatName(labels);
      if ((size & POINTER_BITS) === POINTER_BITS) {
        const target = ((size & ~POINTER_BITS) << 8) | source.uint(1);
        if (target >= segmentStart) throw malformed('a compressed name points to itself or ahead');
        segmentStart = target;
        jumped = new WireReader(this.#bytes, { start: target });
      } else if ((size & POINTER_BITS) !== 0) {
        throw malformed('a label of an unknown kind');
      } else {
        length += 1 + size;
        if (length > NAME_BYTES_MAX) throw malformed(`a name of more than ${NAME_BYTES_MAX} bytes`);
        labels.push(source.bytes(size));
      }
    }
  }

  #take(count: number): number {
    if (count > this.remaining) throw malformed('the message ends too early');
    const start = this.#offset;
    this.#offset += count;
    return start;
  }
}
