import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '@muster/kernel';

export const HOUR_MS = HOUR_SECONDS * SECOND_MS;
export const DAY_MS = DAY_SECONDS * SECOND_MS;

/** Every simulated run begins here: a Monday, midnight in UTC. */
export const START_MS = Date.UTC(2026, 0, 5);

/** A stretch of time, the end not included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const isWithin = (span: Span, atMs: number): boolean => atMs >= span.fromMs && atMs < span.toMs;

export const overlapMs = (one: Span, other: Span): number => Math.max(0, Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs));

/** Spans in order, with those that touch or overlap made one. */
export const joinSpans = (spans: readonly Span[]): readonly Span[] => {
  const joined: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.fromMs - other.fromMs)) {
    const last = joined.at(-1);
    if (last !== undefined && span.fromMs <= last.toMs) joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
    else joined.push(span);
  }
  return joined;
};
