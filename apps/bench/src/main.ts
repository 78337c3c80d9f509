import { listenForInterruption } from './interruption.js';
import type { BenchOptions } from './options.js';
import { parseOptions, USAGE } from './options.js';
import { progressOnStderr as progress } from './progress.js';
import { keepReport, serializeReport } from './report/keep-report.js';
import { renderReport } from './report/render-report.js';
import { runBench } from './run-bench.js';
import { createStoppables } from './stack/stoppables.js';

const USAGE_EXIT_CODE = 64; // EX_USAGE, as the other verbs of tools/run.js

const readOptions = (): BenchOptions | number => {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return USAGE_EXIT_CODE;
  }
};

const bench = async (options: BenchOptions): Promise<number> => {
  const stoppables = createStoppables((error) => progress(`while stopping: ${String(error)}`));
  const interruption = listenForInterruption(progress);
  // What is under way fails when its servers go; it need not be waited for.
  void interruption.happened.then(() => stoppables.stopAll()).then(() => process.exit(interruption.exitCode()));
  try {
    const report = await runBench(options, { stoppables, progress, interrupted: () => interruption.exitCode() !== undefined });
    await stoppables.stopAll();
    process.stdout.write(options.json ? serializeReport(report) : `\n${renderReport(report)}\n`);
    if (!options.quick && report.failures.length === 0) progress(`kept as apps/bench/${keepReport(report)}`);
    // A target that is missed is a finding, not a failure; a lane that could not be measured is one.
    return report.failures.length === 0 ? 0 : 1;
  } finally {
    await stoppables.stopAll();
  }
};

const options = readOptions();
process.exitCode = typeof options === 'number' ? options : await bench(options);
