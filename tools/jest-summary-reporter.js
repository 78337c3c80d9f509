// A Jest reporter that adds one line of JSON a project to the file that MUSTER_TEST_SUMMARY names; without it, does nothing.
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What failed in one file, with why; a file that could not be loaded is one failure of its own. */
function failuresOf({ testFilePath, testExecError, failureMessage, testResults }) {
  const file = basename(testFilePath);
  if (testExecError) return [{ test: file, why: failureMessage ?? testExecError.message }];
  return testResults.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => ({ test: `${file}: ${fullName}`, why: failureMessages.join('\n') }));
}

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
      failures: results.testResults.flatMap(failuresOf),
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
