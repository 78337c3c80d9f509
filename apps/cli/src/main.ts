import { reportFailure } from './failure/report-failure.js';
import { buildProgram } from './program.js';
import { processTerminal } from './terminal/terminal.js';

const options = process.argv.slice(2);
const json = options.includes('--json');
const terminal = processTerminal({ json, verbose: options.includes('--verbose'), color: !options.includes('--no-color') });

// `muster events list | head`: nobody reads on, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await buildProgram({ json }).parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, terminal);
}
