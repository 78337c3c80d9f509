import { lookup as systemLookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { problemDocumentSchema } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { Transport, WireExchange, WireReply, WireRequest } from './ports.js';

/** A host decides within a second or two, or says that it cannot; whoever takes longer is as good as away. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** The vendor's list is good to have, and nothing to keep a machine waiting for. */
const REVOCATIONS_TIMEOUT_MS = 3000;
/** A host that proves itself signs once and asks nobody: whoever takes longer is skipped. */
const PROOF_TIMEOUT_MS = 3000;
/** An answer holds one lease with its chain, at most a few kilobytes; more is not from a host. */
const ANSWER_BYTES_MAX = 256 * 1024;

const pathOf = ({ kind, leaseId }: WireRequest): string => {
  switch (kind) {
    case 'activation':
      return '/v1/activations';
    case 'renewal':
      return `/v1/leases/${leaseId}/renewals`;
    case 'release':
      return `/v1/leases/${leaseId}/releases`;
    default:
      return kind satisfies never;
  }
};

/** RFC 9110 section 10.2.3: seconds, or a date. */
const retryAfterOf = ({ headers }: IncomingMessage): number | null => {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const waitMs = Date.parse(value) - Date.parse(headers.date ?? '');
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.ceil(waitMs / SECOND_MS) : null;
};

const readBody = async (response: IncomingMessage): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    chunks.push(chunk as Uint8Array);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
};

/** OpenSSL's and Node's words for a certificate that does not show what it should; RFC 5280's rules are theirs. */
const CERTIFICATE_CODES = /^(ERR_TLS_CERT|CERT_|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|DEPTH_ZERO_|SELF_SIGNED|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)/;

const unreachableBy = (error: unknown): WireReply => {
  const { name, message, code, errors } = error as NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] };
  if (name === 'TimeoutError' || name === 'AbortError') return { type: 'unreachable', detail: 'no answer in time' };
  // Several addresses failed, each in its own way: the first is the one that was meant.
  const detail = code ?? errors?.[0]?.code ?? message;
  return { type: 'unreachable', detail, ...(CERTIFICATE_CODES.test(detail) ? { certificate: true } : {}) };
};

const meansBusy = (status: number): boolean => status === 429 || status >= 500;

/** A proxy's or a captive portal's page is not the host's word: it refuses nothing. */
const withoutDocument = (status: number, retryAfterSeconds: number | null): WireReply =>
  meansBusy(status)
    ? { type: 'problem', problem: { code: 'unavailable', status, detail: `HTTP status ${status}` }, retryAfterSeconds }
    : { type: 'unreachable', detail: `HTTP status ${status} without a Muster host's words` };

const replyOf = async (response: IncomingMessage): Promise<WireReply> => {
  const { statusCode: status = 0 } = response;
  const ok = status >= 200 && status < 300;
  const retryAfterSeconds = retryAfterOf(response);
  const body = await readBody(response).catch((error: unknown) => {
    if (ok) throw error;
    return undefined;
  });
  if (ok) return { type: 'answer', body };
  const parsed = problemDocumentSchema.safeParse(body);
  if (!parsed.success) return withoutDocument(status, retryAfterSeconds);
  return { type: 'problem', problem: parsed.data, retryAfterSeconds: retryAfterSeconds ?? parsed.data.retryAfterSeconds ?? null };
};

const JSON_TYPE = 'application/json';

interface Call {
  readonly path: string;
  /** Undefined: nothing is sent, something is asked for. */
  readonly body?: string;
  readonly contentType?: string;
  /** Goes where the system says, whatever is known for the name. */
  readonly bySystem?: boolean;
}

const posted = (path: string, body: object): Call => ({ path, body: JSON.stringify(body), contentType: JSON_TYPE });

const callOf = (exchange: WireExchange): Call => {
  switch (exchange.type) {
    case 'machine-activation':
      // A key goes to an address that somebody gave. Where DNS places a host of that name, `localhost` even, is nothing to it.
      return { ...posted('/v1/machine-activations', { key: exchange.key, request: exchange.request }), bySystem: true };
    case 'installation-request':
      return posted('/v1/installation-requests', { request: exchange.request, hostname: exchange.hostname });
    case 'revocations':
      return { path: '/v1/revocations' };
    case 'host-proof':
      return posted('/v1/host-proofs', { nonce: exchange.nonce });
    default:
      return exchange satisfies never;
  }
};

const WITHIN_MS: Readonly<Partial<Record<WireExchange['type'], number>>> = { revocations: REVOCATIONS_TIMEOUT_MS, 'host-proof': PROOF_TIMEOUT_MS };

/** Goes to the addresses known for a name, and asks the system for any other. */
const lookupBy =
  (addressesOf: (hostname: string) => readonly string[] | undefined): LookupFunction =>
  (hostname, options, done) => {
    const [first, ...others] = addressesOf(hostname) ?? [];
    if (first === undefined) return systemLookup(hostname, options, done);
    if (options.all === true) return done(null, [first, ...others].map((address) => ({ address, family: isIP(address) })));
    done(null, first, isIP(first));
  };

export interface HttpTransportOptions {
  readonly timeoutMs?: number;
  /** Where a name is connected to, in place of what the system finds; the certificate is checked for the name all the same. */
  readonly addressesOf?: ((hostname: string) => readonly string[] | undefined) | undefined;
  /** PEM: certificates of an organisation's own authority, believed beside those that Node knows. */
  readonly ca?: string | undefined;
}

/** Carries requests over HTTP. It follows nobody elsewhere, and reads no more than a host's answer. */
export const httpTransport = ({ timeoutMs = ANSWER_TIMEOUT_MS, addressesOf = () => undefined, ca }: HttpTransportOptions = {}): Required<Transport> => {
  const lookup = lookupBy(addressesOf);
  const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
  const agents = () => ({ 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true, ...trusted }) }) as const;
  // An agent knows connections by name: those of one way are not used on the other.
  const ways = { known: { lookup, agents: agents() }, system: { lookup: systemLookup, agents: agents() } } as const;

  const exchanged = (url: URL, { body, contentType, bySystem = false }: Call, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const overTls = url.protocol === 'https:';
      const sent = body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
      const headers = { accept: 'application/json, application/problem+json', ...sent };
      const way = ways[bySystem ? 'system' : 'known'];
      const options = { method: body === undefined ? 'GET' : 'POST', headers, lookup: way.lookup, signal, agent: way.agents[overTls ? 'https:' : 'http:'] };
      const request = (overTls ? httpsRequest : httpRequest)(url, options, resolve);
      request.on('error', reject);
      // Without an error, and without an answer: whoever says 101 to what no one asked for would else be waited for without end.
      request.on('close', () => reject(new Error('it ended the connection without an answer')));
      request.end(body);
    });
  const call = async (address: string, asked: Call, withinMs = timeoutMs): Promise<WireReply> => {
    const signal = AbortSignal.timeout(withinMs);
    try {
      const response = await exchanged(new URL(`${address}${asked.path}`), asked, signal);
      const { statusCode = 0 } = response;
      if (statusCode >= 300 && statusCode < 400) {
        response.destroy();
        return { type: 'unreachable', detail: 'it wants the request to go elsewhere' };
      }
      return await replyOf(response);
    } catch (error) {
      return unreachableBy(signal.aborted ? signal.reason : error);
    }
  };
  return {
    send: (host, request) => call(host, { path: pathOf(request), body: request.jws, contentType: 'application/jose' }),
    exchange: (address, exchange) => call(address, callOf(exchange), Math.min(timeoutMs, WITHIN_MS[exchange.type] ?? timeoutMs)),
  };
};
