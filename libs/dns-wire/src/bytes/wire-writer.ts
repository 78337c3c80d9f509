import { invalid } from '../dns-failure.js';
import { nameToWire } from './name.js';

/** Writes a message front to back. Numbers that do not fit throw `invalid`. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  /** Names in lower case, for comparing and signing. */
  constructor(private readonly options: { readonly canonical?: boolean } = {}) {}

  /** An unsigned number of 1 to 6 bytes, the most significant first; `what` names it in the error. */
  uint(byteCount: 1 | 2 | 4 | 6, value: number, what: string): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * byteCount)) throw invalid(`${what} must be a whole number from 0 to ${2 ** (8 * byteCount) - 1}`);
    const part = Buffer.alloc(byteCount);
    part.writeUIntBE(value, 0, byteCount);
    this.#parts.push(part);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  name(name: string): this {
    this.#parts.push(nameToWire(name, this.options));
    return this;
  }

  /** Bytes behind their length in two bytes, as RDATA, MACs and messages over TCP stand. */
  counted(bytes: Uint8Array, what: string): this {
    return this.uint(2, bytes.length, `the length of ${what}`).bytes(bytes);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
