import type { OutageHours, SimulationReport } from '@muster/simulator';
import { InvariantViolation, simulateFleet } from '@muster/simulator';
import { CliFailure } from '../../failure/cli-failure.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import { exitCodes } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { reportLines } from './report-lines.js';

export interface SimulateOptions {
  readonly machines: number;
  readonly days: number;
  readonly seed: number;
  readonly hosts: number;
  readonly outage?: readonly OutageHours[];
}

/** Without anybody watching, so many lines tell how far it is. */
const PROGRESS_NOTES = 10;

const progressOf = (terminal: Terminal, days: number) => {
  const eachDays = Math.max(1, Math.floor(days / PROGRESS_NOTES));
  return ({ day, steps }: { readonly day: number; readonly steps: number }): void => {
    const line = `day ${day} of ${days}, step ${steps.toLocaleString('en-US')}`;
    if (terminal.watched) terminal.progress(line);
    else if (day % eachDays === 0) terminal.note(line);
  };
};

const failureOf = (error: unknown, { machines, days, seed }: SimulateOptions): unknown => {
  if (!(error instanceof InvariantViolation)) return error;
  return new CliFailure('failed', error.message, { remedy: `--machines ${machines} --days ${days} --seed ${seed}, with the same other options, gets there again.`, cause: error });
};

const run = async (options: SimulateOptions, terminal: Terminal, live: typeof simulateFleet): Promise<SimulationReport> => {
  const { outage: outages = [], ...rest } = options;
  const beyond = outages.find(({ fromHour }) => fromHour >= options.days * 24);
  if (beyond !== undefined) throw new CliFailure('usage', `The outage from hour ${beyond.fromHour} would begin after the run of ${options.days} days.`);
  try {
    return await live({ ...rest, outages, onProgress: progressOf(terminal, options.days) });
  } catch (error) {
    throw failureOf(error, options);
  } finally {
    terminal.progress('');
  }
};

/**
 * Lives through a fleet's days in simulated time.
 *
 * @param live what lives through them: a test puts a wrong rule in
 * @throws CliFailure when something does not hold that must
 */
export const simulate = async (options: SimulateOptions, terminal: Terminal, live = simulateFleet): Promise<ExitCode> => {
  const report = await run(options, terminal, live);
  if (terminal.json) terminal.data(JSON.stringify(report));
  else for (const line of reportLines(report, terminal.paintData)) terminal.data(line);
  return exitCodes.ok;
};
