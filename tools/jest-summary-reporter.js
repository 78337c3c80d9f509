// A Jest reporter that adds one line of JSON a project to the file that MUSTER_TEST_SUMMARY names; without it, does nothing.
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';

export default class SummaryReporter {
  #project;

  constructor(globalConfig) {
    this.#project = basename(globalConfig.rootDir);
  }

  onRunComplete(_contexts, results) {
    const file = process.env.MUSTER_TEST_SUMMARY;
    if (!file) return;
    const line = {
      project: this.#project,
      passed: results.numPassedTests,
      // A suite that could not even be loaded has no tests to count, and must not look like success.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
