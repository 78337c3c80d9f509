import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAuthorityCommands } from './commands/authority.commands.js';
import { addDemoCommand } from './commands/demo.command.js';
import { addDeployCommands } from './commands/deploy.commands.js';
import { addDnsCommands } from './commands/dns.commands.js';
import { addDoctorCommand } from './commands/doctor.command.js';
import { addEnrolmentCommands } from './commands/enrolment.commands.js';
import { addEventsCommands } from './commands/events.commands.js';
import { addFleetCommands } from './commands/fleet.commands.js';
import { addHostCommands } from './commands/host.commands.js';
import { addMachineCommands } from './commands/machine.commands.js';
import { addProxyCommands } from './commands/proxy.commands.js';
import { addTokenCommands } from './commands/token.commands.js';

const version = (): string => (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;

const EXIT_CODES = `
Exit codes: 0 ok · 1 failed · 2 usage · 3 not found · 4 authentication · 5 conflict · 6 below threshold or not activated
            7 unreachable · 8 finished, but something is wrong · 130 interrupted`;

/** The whole command tree. Parsing throws `CommanderError` or `CliFailure`; it never ends the process. */
export const buildProgram = ({ json }: { readonly json: boolean }): Command => {
  const program = new Command('muster')
    .description('Self-hosted volume activation for your own software')
    .version(version())
    .option('--json', 'data as JSON on standard output, failures as problem documents on standard error')
    .option('--no-color', 'no colours (as NO_COLOR)')
    .option('--verbose', 'say more')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .exitOverride();
  // In JSON mode a usage error is a problem document too; see reportFailure.
  if (json) program.configureOutput({ writeErr: () => undefined });
  addHostCommands(program);
  addMachineCommands(program);
  addDnsCommands(program);
  addDoctorCommand(program);
  addProxyCommands(program);
  addTokenCommands(program);
  addFleetCommands(program);
  addEnrolmentCommands(program);
  addEventsCommands(program);
  addDemoCommand(program);
  addAuthorityCommands(program);
  addDeployCommands(program);
  return program;
};
