import type { Command } from 'commander';
import { handled, wholeNumber } from './handled.js';

const DAY_SECONDS = 86_400;

export const addDeployCommands = (program: Command): void => {
  const deploy = program.command('deploy').description('prepare a deployment in containers');
  deploy
    .command('init')
    .description('make secrets, nats.conf and, without a certificate, a development vendor; what exists is kept')
    .requiredOption('--out <dir>', 'where to')
    .option('--database <address>', 'where the containers reach the database', 'postgres:5432/muster')
    .action(handled(async () => (await import('../deploy/init.js')).initDeployment));
  deploy
    .command('migrate')
    .description('bring the database of MUSTER_DATABASE_URL to the present shape')
    .option('--ledger <name>', "the organisation's ledger", 'main')
    .option('--every <seconds>', 'keep running, and migrate again so often: partitions stay ahead', wholeNumber({ min: 1, max: DAY_SECONDS }))
    .addHelpText('after', '\nMUSTER_SERVICE_DATABASE_PASSWORD is given to the role muster_service, which the services use; each variable has a _FILE twin.')
    .action(handled(async () => (await import('../deploy/migrate.js')).migrateDatabase));
};
