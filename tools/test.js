// `npm test [-- PROJECT...]`: everything that has to hold, on real servers of its own; the last line counts the tests.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBuilt, ensureInstalled } from './bootstrap.js';
import { verbs } from './run.js';
import { installedProgram, runNode, say } from './workspace.js';

const PARALLEL_PROJECTS = 1; // Jest already uses every core
const LINES_OF_A_FAILURE = 30;

const projects = process.argv.slice(2);
const failures = [];

async function step(name, action) {
  say(`\n── ${name}`);
  const code = await action();
  if (code !== 0) failures.push(name);
  if (code > 128) process.exit(code); // ended by a signal: somebody wants it to stop
}

function firstLines(why) {
  const lines = stripVTControlCharacters(why).split('\n');
  return lines.slice(0, LINES_OF_A_FAILURE).map((line) => `  ${line}`).join('\n');
}

async function runTests() {
  const dir = mkdtempSync(join(tmpdir(), 'muster-test-summary-'));
  const summaryFile = join(dir, 'summary.jsonl');
  try {
    await step('test', () =>
      runNode(
        'libs/devstack/dist/bin/with-servers.js',
        [
          '--',
          installedProgram('nx'),
          ...['run-many', '-t', 'test', `--parallel=${PARALLEL_PROJECTS}`, '--outputStyle=stream'],
          ...(projects.length > 0 ? [`--projects=${projects.join(',')}`] : []),
        ],
        { env: { MUSTER_TEST_SUMMARY: summaryFile } },
      ),
    );
    return existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

await ensureInstalled();
if (projects.length === 0) await step('lint', () => verbs.lint([]));
await step('build', async () => (await ensureBuilt(), 0));
if (projects.length === 0) await step('typecheck', () => verbs.typecheck([]));
const results = await runTests();

say('');
for (const { project, passed, failed, skipped } of results) say(`${project.padEnd(16)} ${passed} passed, ${failed} failed, ${skipped} skipped`);
// Said again at the end, where whoever reads only that finds it.
for (const { project, failures: failed } of results) {
  for (const { test, why } of failed) say(`\n${project}: ${test}\n${firstLines(why)}`);
}
const total = (kind) => results.reduce((sum, result) => sum + result[kind], 0);
if (total('passed') + total('failed') === 0) failures.push('no test ran');
if (failures.length > 0) say(`\nFailed: ${failures.join(', ')}`);
process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`);
process.exitCode = failures.length > 0 || total('failed') > 0 ? 1 : 0;
