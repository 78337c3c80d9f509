import { randomBytes } from 'node:crypto';
import { asTraceparent } from '@muster/messaging';
import type { HttpRequest } from './http-message.js';

/** The work that a request belongs to (W3C Trace Context). */
export interface Trace {
  /** 32 hexadecimal digits; in problem documents and in the log. */
  readonly traceId: string;
  /** For further requests on its behalf. */
  readonly traceparent: string;
}

const TRACE_ID_START = '00-'.length;
const TRACE_ID_DIGITS = 32;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

const traces = new WeakMap<HttpRequest, Trace>();

function startTrace(): string {
  const random = randomBytes(TRACE_ID_BYTES + SPAN_ID_BYTES).toString('hex');
  return `00-${random.slice(0, TRACE_ID_DIGITS)}-${random.slice(TRACE_ID_DIGITS)}-00`;
}

/** The caller's trace, or a fresh one; the same one each time for one request, and made only when asked for. */
export function traceOf(request: HttpRequest): Trace {
  const known = traces.get(request);
  if (known !== undefined) return known;
  const { traceparent: given } = request.headers;
  const traceparent = asTraceparent(typeof given === 'string' ? given : undefined) ?? startTrace();
  const trace = { traceparent, traceId: traceparent.slice(TRACE_ID_START, TRACE_ID_START + TRACE_ID_DIGITS) };
  traces.set(request, trace);
  return trace;
}
