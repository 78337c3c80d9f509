import { DAY_MS } from '../simulation-time.js';

/** As long as a ledger keeps request ids (DESIGN section 2). */
const REMEMBERED_MS = 35 * DAY_MS;

/** Outcomes by request id. Two generations instead of a queue: an id is kept for 35 to 70 days, at no cost a request. */
export class AnsweredRequests<Outcome> {
  #younger = new Map<string, Outcome>();
  #older = new Map<string, Outcome>();
  #turnsAtMs = Number.NEGATIVE_INFINITY;

  get(requestId: string): Outcome | undefined {
    return this.#younger.get(requestId) ?? this.#older.get(requestId);
  }

  add(requestId: string, outcome: Outcome, nowMs: number): void {
    if (nowMs >= this.#turnsAtMs) {
      this.#older = this.#younger;
      this.#younger = new Map();
      this.#turnsAtMs = nowMs + REMEMBERED_MS;
    }
    this.#younger.set(requestId, outcome);
  }
}
