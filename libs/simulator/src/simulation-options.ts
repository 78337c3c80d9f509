import type { ClientLogic } from './fleet/client-logic.js';
import type { HostRules } from './hosts/host-rules.js';
import type { OutageHours } from './run/outage-figures.js';

export interface SimulationProgress {
  readonly steps: number;
  readonly day: number;
  readonly days: number;
}

export interface SimulationOptions {
  readonly machines: number;
  readonly days: number;
  /** Everything random comes from it: a whole number below 2^32. */
  readonly seed: number;
  /** Hosts of the organisation, each with its own count. */
  readonly hosts?: number;
  /** When no host answers, in hours from the beginning. */
  readonly outages?: readonly OutageHours[];
  /** Put in the place of the real functions, to see that a wrong one is caught. */
  readonly rules?: Partial<HostRules>;
  readonly client?: Partial<ClientLogic>;
  /** Once a simulated day. */
  readonly onProgress?: (progress: SimulationProgress) => void;
}
