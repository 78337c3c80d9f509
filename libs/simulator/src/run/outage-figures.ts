import type { Span } from '../simulation-time.js';
import { DAY_MS, HOUR_MS, START_MS } from '../simulation-time.js';
import type { Statistics } from './statistics.js';

const WEEK_MS = 7 * DAY_MS;
/** Two renewal intervals after an outage, whoever missed a moment for it has come by. */
const AFTERMATH_MS = 2 * WEEK_MS;

/** What an outage of all hosts did. */
export interface OutageFigures {
  readonly fromHour: number;
  readonly toHour: number;
  /** Renewals granted in the busiest hour of the week after it, and in the mean hour of that week. */
  readonly peakAnHour: number;
  readonly meanAnHour: number;
  readonly peakToMean: number | null;
  /** The least that was left of a lease from its start until two weeks after its end, in days, of machines that were not themselves away for long. */
  readonly leastDaysLeft: number | null;
}

export interface OutageHours {
  readonly fromHour: number;
  readonly toHour: number;
}

export const outageSpan = ({ fromHour, toHour }: OutageHours): Span => ({ fromMs: START_MS + fromHour * HOUR_MS, toMs: START_MS + toHour * HOUR_MS });

/** Gathers what happens during one outage and after it. */
export class OutageWatch {
  readonly #hours: OutageHours;
  readonly #span: Span;
  #leastDaysLeft: number | null = null;

  constructor(hours: OutageHours, span: Span) {
    this.#hours = hours;
    this.#span = span;
  }

  look(daysLeft: number, nowMs: number): void {
    if (nowMs < this.#span.fromMs || nowMs >= this.#span.toMs + AFTERMATH_MS) return;
    this.#leastDaysLeft = Math.min(this.#leastDaysLeft ?? Number.POSITIVE_INFINITY, daysLeft);
  }

  figures(statistics: Statistics): OutageFigures {
    const { toMs } = this.#span;
    const week = statistics.within('renewalsGranted', { fromMs: toMs, toMs: toMs + WEEK_MS });
    const meanAnHour = week.length === 0 ? 0 : week.reduce((sum, granted) => sum + granted, 0) / week.length;
    const peakAnHour = Math.max(0, ...week);
    return { ...this.#hours, peakAnHour, meanAnHour, peakToMean: meanAnHour === 0 ? null : peakAnHour / meanAnHour, leastDaysLeft: this.#leastDaysLeft };
  }
}
