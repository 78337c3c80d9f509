import { reportFailure } from './failure/report-failure.js';
import { buildProgram } from './program.js';
import { processTerminal } from './terminal/terminal.js';

const options = process.argv.slice(2);
const json = options.includes('--json');
const terminal = processTerminal({ json, verbose: options.includes('--verbose'), color: !options.includes('--no-color') });

// Nobody reads on (`muster demo | head`): what is under way, a host perhaps, still ends in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await buildProgram({ json }).parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, terminal);
}
