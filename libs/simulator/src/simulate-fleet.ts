import { domainRules } from './hosts/host-rules.js';
import type { SimulationReport } from './report.js';
import { FleetRun } from './run/fleet-run.js';
import { makeSites } from './run/make-sites.js';
import { outageSpan } from './run/outage-figures.js';
import type { SimulationOptions } from './simulation-options.js';
import type { Span } from './simulation-time.js';
import { DAY_MS, START_MS } from './simulation-time.js';

const HOSTS_DEFAULT = 2;

/**
 * Lives through the days of a fleet: the SDK's logic on every machine, the domain's decisions on every host, and a clock that jumps from one thing to the next.
 *
 * @throws InvariantViolation with the seed, the step and the machine, when something does not hold that must
 */
export const simulateFleet = async (options: SimulationOptions): Promise<SimulationReport> => {
  const { days, seed, hosts = HOSTS_DEFAULT, outages = [], rules = {} } = options;
  const run: Span = { fromMs: START_MS, toMs: START_MS + days * DAY_MS };
  const sites = await makeSites({ seed, hosts, run, outages: outages.map(outageSpan), rules: { ...domainRules, ...rules } });
  return new FleetRun(options, { run, sites }).through();
};
