import { problemDocumentSchema } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { Transport, WireExchange, WireReply, WireRequest } from './ports.js';

/** A host decides within a second or two, or says that it cannot; whoever takes longer is as good as away. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** The vendor's list is good to have, and nothing to keep a machine waiting for. */
const REVOCATIONS_TIMEOUT_MS = 3000;
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
const retryAfterOf = (response: Response): number | null => {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = response.headers.get('date');
  const waitMs = Date.parse(value) - Date.parse(date ?? '');
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.ceil(waitMs / SECOND_MS) : null;
};

const readBody = async (response: Response): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    chunks.push(chunk as Uint8Array);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
};

/** fetch says `fetch failed`; why stands in the cause. */
const causeOf = (error: unknown): string => {
  const { name, message, cause } = error as { readonly name?: string; readonly message?: string; readonly cause?: NodeJS.ErrnoException };
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? cause?.message ?? message ?? String(error));
};

const meansBusy = (status: number): boolean => status === 429 || status >= 500;

/** A proxy's or a captive portal's page is not the host's word: it refuses nothing. */
const withoutDocument = (status: number, retryAfterSeconds: number | null): WireReply =>
  meansBusy(status)
    ? { type: 'problem', problem: { code: 'unavailable', status, detail: `HTTP status ${status}` }, retryAfterSeconds }
    : { type: 'unreachable', detail: `HTTP status ${status} without a Muster host's words` };

const replyOf = async (response: Response): Promise<WireReply> => {
  const retryAfterSeconds = retryAfterOf(response);
  const body = await readBody(response).catch((error: unknown) => {
    if (response.ok) throw error;
    return undefined;
  });
  if (response.ok) return { type: 'answer', body };
  const parsed = problemDocumentSchema.safeParse(body);
  if (!parsed.success) return withoutDocument(response.status, retryAfterSeconds);
  return { type: 'problem', problem: parsed.data, retryAfterSeconds: retryAfterSeconds ?? parsed.data.retryAfterSeconds ?? null };
};

const JSON_TYPE = 'application/json';

interface Call {
  readonly path: string;
  readonly init: Pick<RequestInit, 'method' | 'body'> & { readonly headers?: Readonly<Record<string, string>> };
}

const posted = (path: string, body: object): Call => ({ path, init: { method: 'POST', headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(body) } });

const callOf = (exchange: WireExchange): Call => {
  switch (exchange.type) {
    case 'machine-activation':
      return posted('/v1/machine-activations', { key: exchange.key, request: exchange.request });
    case 'installation-request':
      return posted('/v1/installation-requests', { request: exchange.request, hostname: exchange.hostname });
    case 'revocations':
      return { path: '/v1/revocations', init: { method: 'GET' } };
    default:
      return exchange satisfies never;
  }
};

/** Carries requests over HTTP with Node's own `fetch`. */
export const httpTransport = ({ timeoutMs = ANSWER_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Required<Transport> => {
  const call = async (address: string, { path, init }: Call, withinMs = timeoutMs): Promise<WireReply> => {
    try {
      const response = await fetch(`${address}${path}`, {
        ...init,
        headers: { ...init.headers, accept: 'application/json, application/problem+json' },
        redirect: 'error',
        signal: AbortSignal.timeout(withinMs),
      });
      return await replyOf(response);
    } catch (error) {
      return { type: 'unreachable', detail: causeOf(error) };
    }
  };
  return {
    send: (host, request) => call(host, { path: pathOf(request), init: { method: 'POST', headers: { 'content-type': 'application/jose' }, body: request.jws } }),
    exchange: (address, exchange) => call(address, callOf(exchange), exchange.type === 'revocations' ? Math.min(timeoutMs, REVOCATIONS_TIMEOUT_MS) : timeoutMs),
  };
};
