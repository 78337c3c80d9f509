import type { Reply } from '@muster/client';
import type { Span } from '../simulation-time.js';
import { HOUR_MS } from '../simulation-time.js';

/** What is counted by the hour of the run. */
export type HourlyFigure = 'requests' | 'renewalsGranted';

export interface RequestFigures {
  activationsGranted: number;
  activationsDeferred: number;
  renewalsGranted: number;
  renewalsDeferred: number;
  refused: number;
  /** Renewals that came late and were told to return on another day. */
  sentAway: number;
  /** Requests that reached no host, or whose answer was lost. */
  unanswered: number;
}

/** Figures of a run: in total, and by the hour. */
export class Statistics {
  readonly requests: RequestFigures = { activationsGranted: 0, activationsDeferred: 0, renewalsGranted: 0, renewalsDeferred: 0, refused: 0, sentAway: 0, unanswered: 0 };
  readonly #run: Span;
  readonly #hourly: Readonly<Record<HourlyFigure, number[]>>;

  constructor(run: Span) {
    this.#run = run;
    const hours = Math.ceil((run.toMs - run.fromMs) / HOUR_MS);
    this.#hourly = { requests: Array.from({ length: hours }, () => 0), renewalsGranted: Array.from({ length: hours }, () => 0) };
  }

  add(reply: Reply, { renewal, nowMs }: { readonly renewal: boolean; readonly nowMs: number }): void {
    const { requests } = this;
    if (reply.type === 'unreachable') {
      requests.unanswered += 1;
      return;
    }
    this.#count('requests', nowMs);
    if (reply.type === 'granted') {
      if (renewal) this.#count('renewalsGranted', nowMs);
      requests[renewal ? 'renewalsGranted' : 'activationsGranted'] += 1;
    } else if (reply.type === 'deferred') requests[renewal ? 'renewalsDeferred' : 'activationsDeferred'] += 1;
    else if (reply.type === 'busy') requests.sentAway += 1;
    else if (reply.type === 'refused') requests.refused += 1;
  }

  hourly(figure: HourlyFigure): readonly number[] {
    return this.#hourly[figure];
  }

  /** The figure of each whole hour within the span, as far as the run goes. */
  within(figure: HourlyFigure, span: Span): readonly number[] {
    const hourOf = (atMs: number): number => Math.max(0, Math.ceil((atMs - this.#run.fromMs) / HOUR_MS));
    return this.#hourly[figure].slice(hourOf(span.fromMs), Math.floor((span.toMs - this.#run.fromMs) / HOUR_MS));
  }

  #count(figure: HourlyFigure, nowMs: number): void {
    const hours = this.#hourly[figure];
    const hour = Math.min(hours.length - 1, Math.floor((nowMs - this.#run.fromMs) / HOUR_MS));
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
}
