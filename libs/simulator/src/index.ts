export type { Invariant } from './invariants/violation.js';
export { InvariantViolation } from './invariants/violation.js';
export type { CheckFigures, HostFigures, LifeFigures, SimulationReport } from './report.js';
export type { OutageFigures, OutageHours } from './run/outage-figures.js';
export type { RequestFigures } from './run/statistics.js';
export type { SimulationOptions, SimulationProgress } from './simulation-options.js';
export { simulateFleet } from './simulate-fleet.js';
