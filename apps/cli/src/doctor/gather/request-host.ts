import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

/** No answer that doctor asks for comes near it. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** Where a host is: its address, and what DNS said of its name; without addresses the system finds them. */
export interface HostPlace {
  readonly address: string;
  readonly addresses: readonly string[];
}

export interface HostAnswer {
  readonly status: number;
  /** Undefined when it is no JSON. */
  readonly body: unknown;
}

/** Makes connections go to these very addresses, one after the other. */
export const lookupOf = (addresses: readonly string[]): LookupFunction | undefined => {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first] = found;
  if (first === undefined) return undefined;
  return (_name, options, done) => {
    if (options.all === true) done(null, found);
    else done(null, first.address, first.family);
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

interface HostRequest {
  readonly path: string;
  readonly timeoutMs: number;
  /** Posted as JSON. */
  readonly order?: object;
}

/**
 * Asks a host whatever its TLS certificate is worth: that is judged by itself, and nothing that goes out here is a secret. Follows no redirect.
 * Rejects with the driver's error when no whole answer comes in time.
 */
export const requestHost = ({ address, addresses }: HostPlace, { path, timeoutMs, order }: HostRequest): Promise<HostAnswer> =>
  new Promise((resolve, reject) => {
    const lookup = lookupOf(addresses);
    const body = order === undefined ? undefined : JSON.stringify(order);
    const options = {
      method: order === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(timeoutMs),
      agent: false,
      ...(lookup === undefined ? {} : { lookup }),
    };
    const url = new URL(`${address}${path}`);
    const request = url.protocol === 'https:' ? httpsRequest(url, { ...options, rejectUnauthorized: false }) : httpRequest(url, options);
    request.once('error', reject);
    // Without an error, and without an answer: so ends a connection that changes to something else than HTTP (101).
    request.once('close', () => reject(new Error('it ended the connection without an answer')));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`));
        else chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString('utf8')) }));
    });
    request.end(body);
  });

/** A driver's error in a few words. */
export const wordsOf = (error: unknown): string => {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  return code ?? message;
};
