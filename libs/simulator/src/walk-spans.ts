import type { Span } from './simulation-time.js';
import { isWithin } from './simulation-time.js';

/** Walks along spans, which are in order and do not overlap, with a time that only goes forward. */
export interface SpanWalk {
  /** The span that covers this moment, if any. */
  readonly at: (nowMs: number) => Span | undefined;
  /** When the last span before this moment ended. */
  readonly lastEndMs: (nowMs: number) => number;
}

export const walkSpans = (spans: readonly Span[]): SpanWalk => {
  let index = 0;
  const at = (nowMs: number): Span | undefined => {
    for (let span = spans[index]; span !== undefined && span.toMs <= nowMs; span = spans[index]) index += 1;
    const span = spans[index];
    return span !== undefined && isWithin(span, nowMs) ? span : undefined;
  };
  return {
    at,
    lastEndMs: (nowMs) => {
      at(nowMs);
      return spans[index - 1]?.toMs ?? Number.NEGATIVE_INFINITY;
    },
  };
};
