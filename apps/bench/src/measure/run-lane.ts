import { roundRatios } from '../statistics/round-ratios.js';
import type { Spread } from '../statistics/spread.js';
import { median, spreadOf } from '../statistics/spread.js';
import type { Comparison, Lane, LaneName, Sample, Subject } from './lane.js';
import { perSecond } from './lane.js';

export interface SubjectResult {
  readonly name: string;
  readonly perSecond: Spread;
  /** Medians over the rounds. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly cpuMicros?: Readonly<Record<string, number>>;
  readonly rounds: readonly Sample[];
}

export interface ComparisonResult {
  readonly name: string;
  readonly ratio: Spread;
  readonly target?: number;
  readonly rounds: readonly number[];
}

export interface LaneResult {
  readonly lane: LaneName;
  readonly title: string;
  readonly unit: string;
  readonly notes: readonly string[];
  readonly subjects: readonly SubjectResult[];
  readonly comparisons: readonly ComparisonResult[];
}

export interface RoundsPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly onSample?: (told: { readonly round: number; readonly subject: string; readonly sample: Sample }) => void;
}

const medianOf = (samples: readonly Sample[], pick: (sample: Sample) => number | undefined): number | undefined => {
  const values = samples.map(pick).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : median(values);
};

const cpuOf = (samples: readonly Sample[]): Readonly<Record<string, number>> | undefined => {
  const parts = [...new Set(samples.flatMap(({ cpuMicros = {} }) => Object.keys(cpuMicros)))];
  if (parts.length === 0) return undefined;
  return Object.fromEntries(parts.map((part) => [part, median(samples.map(({ cpuMicros }) => cpuMicros?.[part] ?? 0))]));
};

const subjectResult = (name: string, rounds: readonly Sample[]): SubjectResult => {
  const p50Ms = medianOf(rounds, (sample) => sample.p50Ms);
  const p99Ms = medianOf(rounds, (sample) => sample.p99Ms);
  const cpuMicros = cpuOf(rounds);
  return {
    name,
    perSecond: spreadOf(rounds.map(perSecond)),
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p99Ms === undefined ? {} : { p99Ms }),
    ...(cpuMicros === undefined ? {} : { cpuMicros }),
    rounds,
  };
};

const compare = ({ name, of, against, target }: Comparison, subjects: readonly SubjectResult[]): ComparisonResult => {
  const ratesOf = (subject: string): readonly number[] => subjects.find((result) => result.name === subject)?.rounds.map(perSecond) ?? [];
  const rounds = roundRatios(ratesOf(of), ratesOf(against));
  return { name, ratio: spreadOf(rounds), ...(target === undefined ? {} : { target }), rounds };
};

const warmUp = async (subjects: readonly Subject[], seconds: number): Promise<void> => {
  for (const subject of subjects) await subject.measure(seconds);
};

/** Measures the subjects in turns (A B C A B C …), after one uncounted turn that warms compilers and caches. */
export const runLane = async ({ name, title, unit, notes, subjects, comparisons }: Omit<Lane, 'close'>, plan: RoundsPlan): Promise<LaneResult> => {
  await warmUp(subjects, plan.warmUpSeconds);
  const samples = new Map<string, Sample[]>(subjects.map((subject) => [subject.name, []]));
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const subject of subjects) {
      const sample = await subject.measure(plan.seconds);
      samples.get(subject.name)?.push(sample);
      plan.onSample?.({ round, subject: subject.name, sample });
    }
  }
  const results = [...samples].map(([subject, rounds]) => subjectResult(subject, rounds));
  return { lane: name, title, unit, notes, subjects: results, comparisons: comparisons.map((comparison) => compare(comparison, results)) };
};
