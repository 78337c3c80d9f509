import type { LicenceStatus } from '@muster/client';
import type { OutageFigures } from './run/outage-figures.js';
import type { RequestFigures } from './run/statistics.js';

/** What a whole run gave. It holds no wall-clock time: the same seed and options give the same report, byte for byte. */
export interface SimulationReport {
  readonly machines: number;
  readonly days: number;
  readonly seed: number;
  readonly steps: number;
  readonly hosts: readonly HostFigures[];
  readonly requests: RequestFigures;
  /** Machines by what the SDK says of their licence at the end. */
  readonly licences: Readonly<Record<LicenceStatus, number>>;
  readonly lives: LifeFigures;
  readonly checks: CheckFigures;
  readonly outages: readonly OutageFigures[];
  /** By the hour of the run. */
  readonly hourly: { readonly requests: readonly number[]; readonly renewalsGranted: readonly number[] };
}

export interface HostFigures {
  readonly host: string;
  readonly events: number;
  readonly pools: readonly { readonly pool: string; readonly physical: number; readonly virtual: number }[];
  /** Latest lease of each machine for each product, as this host's ledger has it at the end. */
  readonly leases: Readonly<Record<'running' | 'expired' | 'released', number>>;
}

export interface LifeFigures {
  readonly installed: number;
  readonly reimaged: number;
  /** Machines that were out of reach until their lease had run out, and got another. */
  readonly recovered: number;
}

/** How often each invariant was looked at, and how near it came. */
export interface CheckFigures {
  readonly countsCompared: number;
  readonly literalRecounts: number;
  readonly grantsChecked: number;
  readonly punctualLeases: number;
  readonly punctualLeastDaysLeft: number | null;
  readonly presentLeastDaysLeft: number | null;
}
