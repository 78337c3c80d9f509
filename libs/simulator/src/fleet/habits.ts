import type { Chance } from '../chance/chance.js';
import { drawMoments } from '../chance/moments.js';
import type { Span } from '../simulation-time.js';
import { DAY_MS, HOUR_MS, joinSpans } from '../simulation-time.js';

/** `server`: always on. `desktop`: on in office hours. `laptop`: a desktop that also travels, and is opened on some weekends. */
export type MachineKind = 'server' | 'desktop' | 'laptop';

/** What a machine is like, for the whole run. */
export interface Habits {
  readonly kind: MachineKind;
  readonly virtual: boolean;
  /** Its site's distance from UTC. */
  readonly zoneMs: number;
  /** When its usual working day begins and how long it lasts. */
  readonly morningMs: number;
  readonly workdayMs: number;
  /** When it is installed. */
  readonly startsMs: number;
  /** When it gets a new image, and so a new key. */
  readonly reimagedMs: readonly number[];
  /** When it is out of every host's reach: travelling, or its network is down. In order, not overlapping. */
  readonly away: readonly Span[];
}

const KINDS = { server: 0.3, desktop: 0.35 } as const;
const VIRTUAL_SERVERS = 0.3;
const SITES = [
  { zoneMs: 0, share: 0.5 },
  { zoneMs: -6 * HOUR_MS, share: 0.3 },
  { zoneMs: 9 * HOUR_MS, share: 0.2 },
];

/** A rollout takes two weeks. */
const ROLLOUT_MS = 14 * DAY_MS;
const REIMAGES_A_YEAR = 0.08;
const NETWORK_LOSSES_A_YEAR = 3;
const NETWORK_LOSS_HOURS_MAX = 30;
const TRIPS_A_YEAR = 4;
const TRIP_DAYS_MAX = 18;
/** Some trips are years abroad: longer than a lease. */
const LONG_TRIP = 0.02;
const LONG_TRIP_DAYS = [80, 260] as const;

const kindOf = (chance: Chance): MachineKind => {
  const unit = chance.unit();
  if (unit < KINDS.server) return 'server';
  return unit < KINDS.server + KINDS.desktop ? 'desktop' : 'laptop';
};

const zoneOf = (chance: Chance): number => {
  let rest = chance.unit();
  for (const { zoneMs, share } of SITES) {
    if (rest < share) return zoneMs;
    rest -= share;
  }
  return 0;
};

const networkLosses = (chance: Chance, run: Span): readonly Span[] =>
  // Squared: most are short.
  drawMoments(chance, { aYear: NETWORK_LOSSES_A_YEAR, within: run }).map((fromMs) => ({ fromMs, toMs: Math.ceil(fromMs + chance.unit() ** 2 * NETWORK_LOSS_HOURS_MAX * HOUR_MS) }));

const trips = (chance: Chance, run: Span): readonly Span[] =>
  drawMoments(chance, { aYear: TRIPS_A_YEAR, within: run }).map((fromMs) => {
    const [shortest, longest] = chance.happens(LONG_TRIP) ? LONG_TRIP_DAYS : ([1, TRIP_DAYS_MAX] as const);
    return { fromMs, toMs: Math.ceil(fromMs + chance.between(shortest, longest) * DAY_MS) };
  });

export const drawHabits = (chance: Chance, run: Span): Habits => {
  const kind = kindOf(chance);
  return {
    kind,
    virtual: kind === 'server' && chance.happens(VIRTUAL_SERVERS),
    zoneMs: zoneOf(chance),
    morningMs: Math.floor(chance.between(7, 9.5) * HOUR_MS),
    workdayMs: Math.floor(chance.between(7.5, 10) * HOUR_MS),
    startsMs: run.fromMs + Math.floor(chance.unit() * Math.min(ROLLOUT_MS, (run.toMs - run.fromMs) / 2)),
    reimagedMs: drawMoments(chance, { aYear: REIMAGES_A_YEAR, within: run }),
    away: joinSpans([...networkLosses(chance, run), ...(kind === 'laptop' ? trips(chance, run) : [])]),
  };
};
