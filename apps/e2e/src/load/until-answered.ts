import { setTimeout as delay } from 'node:timers/promises';
import type { SignedRequest } from '../fleet/wish.js';
import type { Answer, HostApi } from '../host/host-api.js';
import { HANG_MS, problemOf } from '../host/host-api.js';

/** More impatient than a client that heeds Retry-After: what holds under this holds for them. */
const RETRY_MS_MAX = 200;

/** An answer that told the client to come back, or none. */
export interface Failure {
  readonly atMs: number;
  readonly tookMs: number;
  /** `503` with its kind, or how the connection failed. */
  readonly what: string;
}

type Attempt = { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'failed'; readonly what: string; readonly retryMs: number };

/** @throws Error for a request that hangs, and for a 503 that does not say when to come back */
const attempt = async (api: HostApi, request: SignedRequest): Promise<Attempt> => {
  let answer: Answer;
  try {
    answer = await api.post(request);
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw new Error(`a request hung for ${HANG_MS} ms`, { cause: error });
    return { kind: 'failed', what: error instanceof Error ? error.message : String(error), retryMs: RETRY_MS_MAX };
  }
  if (answer.status !== 503) return { kind: 'answered', answer };
  const retryAfterSeconds = Number(answer.headers.get('retry-after'));
  if (!(retryAfterSeconds > 0)) throw new Error(`a 503 without Retry-After: ${answer.text}`);
  return { kind: 'failed', what: `503 ${problemOf(answer).code}`, retryMs: Math.min(retryAfterSeconds * 1000, RETRY_MS_MAX) };
};

export interface Answered {
  readonly answer: Answer;
  /** Of the attempt that was answered. */
  readonly sentMs: number;
  readonly atMs: number;
}

/** Sends a request, the same each time, until somebody answers it. */
export const untilAnswered = async (api: HostApi, request: SignedRequest, onFailure: (failure: Failure) => void): Promise<Answered> => {
  for (;;) {
    const sentMs = performance.now();
    const result = await attempt(api, request);
    const atMs = performance.now();
    if (result.kind === 'answered') return { answer: result.answer, sentMs, atMs };
    onFailure({ atMs, tookMs: atMs - sentMs, what: result.what });
    await delay(result.retryMs);
  }
};
