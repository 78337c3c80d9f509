export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** `HTTP/1.1 201 Created`: where the status stands. */
const STATUS_FROM = 9;
const STATUS_TO = 12;

/** Larger than any lease; a host that sends more is not one. */
const ANSWER_BYTES_MAX = 256 * 1024;

interface Head {
  readonly status: number;
  readonly bodyFrom: number;
  readonly end: number;
}

const headOf = (bytes: Buffer): Head | undefined => {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const text = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(text)?.[1];
  if (!text.startsWith('http/1.1 ') || length === undefined) throw new Error(`an answer that this client does not read: ${text}`);
  const bodyFrom = headEnd + HEAD_END.length;
  return { status: Number(text.slice(STATUS_FROM, STATUS_TO)), bodyFrom, end: bodyFrom + Number(length) };
};

/**
 * Reads the answers of one keep-alive connection, one at a time.
 *
 * Only what the host sends: HTTP/1.1 with a Content-Length. A general client costs several times the CPU, and the load shares its cores with what is measured.
 */
export class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** @throws Error when it is no such answer, or more than the one that was asked for */
  push(chunk: Buffer): HttpAnswer | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#bytes.length > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    const head = headOf(this.#bytes);
    if (head === undefined || this.#bytes.length < head.end) return undefined;
    if (this.#bytes.length > head.end) throw new Error('more than one answer to one request');
    const body = this.#bytes.toString('utf8', head.bodyFrom, head.end);
    this.#bytes = Buffer.alloc(0);
    return { status: head.status, body };
  }
}
