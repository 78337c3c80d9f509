/** One run of a subject. */
export interface Sample {
  /** How many events, decisions or rows. */
  readonly count: number;
  readonly seconds: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** CPU time per item, by process, in microseconds. */
  readonly cpuMicros?: Readonly<Record<string, number>>;
}

/** Something that is measured, beside others, in every round. */
export interface Subject {
  readonly name: string;
  /** Prepares, runs for about so long, and cleans up after itself. */
  readonly measure: (seconds: number) => Promise<Sample>;
}

/** One subject's rate divided by another's of the same round. */
export interface Comparison {
  readonly name: string;
  readonly of: string;
  readonly against: string;
  /** What is aimed at; a comparison without one is for information. */
  readonly target?: number;
}

export const LANE_NAMES = ['append', 'http', 'rebuild', 'dns'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

/** Subjects that do the same work, and what is compared. */
export interface Lane {
  readonly name: LaneName;
  readonly title: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly subjects: readonly Subject[];
  readonly comparisons: readonly Comparison[];
  /** What a reader has to know to judge the figures. */
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}

export const perSecond = ({ count, seconds }: Sample): number => count / seconds;
