import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';

/** A machine that comes back later than this is taken for a new one: as long as a count may remember one, which bounds what is kept. */
const REMEMBERED_MS = 400 * DAY_SECONDS * SECOND_MS;

/**
 * Which machines let their latest lease for a product run out, and when.
 *
 * In two generations: what nobody asked for while a whole one passed goes with it, so that forgetting costs nothing an event. What is known never rests on when
 * that was: an end counts by its own time.
 */
export interface LapsedLeases {
  young: Map<string, number>;
  old: Map<string, number>;
  youngSinceMs: number;
}

export const emptyLapsedLeases = (): LapsedLeases => ({ young: new Map(), old: new Map(), youngSinceMs: 0 });

/** @param holder names machine and product */
export const lapse = (lapsed: LapsedLeases, holder: string, { endedAtMs, nowMs }: { readonly endedAtMs: number; readonly nowMs: number }): void => {
  if (nowMs - lapsed.youngSinceMs >= REMEMBERED_MS) {
    lapsed.old = lapsed.young;
    lapsed.young = new Map();
    lapsed.youngSinceMs = nowMs;
  }
  lapsed.old.delete(holder);
  lapsed.young.set(holder, endedAtMs);
};

export const forgetLapse = ({ young, old }: LapsedLeases, holder: string): void => {
  if (!young.delete(holder)) old.delete(holder);
};

export const isRecentEnd = (endedAtMs: number, nowMs: number): boolean => endedAtMs > nowMs - REMEMBERED_MS;

export const hasLapsed = ({ young, old }: LapsedLeases, holder: string, nowMs: number): boolean => isRecentEnd(young.get(holder) ?? old.get(holder) ?? -Infinity, nowMs);
