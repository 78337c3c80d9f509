import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { handled, wholeNumber } from './handled.js';

const PORT_MAX = 65_535;
const HOSTS_MAX = 10_000;
const ALLOWANCE_MAX = 10_000_000;
const INTERMEDIATE_DAYS_MAX = 3660;
const INTERMEDIATE_DAYS = 1826; // five years: the root comes out of its safe that seldom

const withAuthority = (command: Command): Command =>
  command
    .option('--authority <url>', 'address of the authority (MUSTER_AUTHORITY; else the one that runs on --data)')
    .option('--token <token>', 'its operator token; better MUSTER_AUTHORITY_TOKEN_FILE, which other users cannot see')
    .option('--ca <file>', 'PEM: what its certificate is believed by, beside what the system trusts')
    .option('--data <dir>', 'data directory of a local authority (the nearest .muster-authority, here or above)');

/** The action of a command with one argument. */
const handledWith =
  <Options>(load: () => Promise<(argument: string) => (options: Options, terminal: Terminal) => Promise<ExitCode>>) =>
  async (argument: string, own: unknown, command: Command): Promise<void> =>
    handled<Options>(async () => (await load())(argument))(own, command);

const limit = wholeNumber({ min: 1, max: HOSTS_MAX });
const allowance = wholeNumber({ min: 1, max: ALLOWANCE_MAX });
const days = wholeNumber({ min: 1, max: INTERMEDIATE_DAYS_MAX });
const vendorReason = (): Option => new Option('--reason <reason>', 'why').choices(['compromised', 'retired', 'issued-in-error']).makeOptionMandatory();

const addServiceCommands = (authority: Command): void => {
  authority
    .command('init')
    .description('make a vendor: its root key, and the intermediate that signs day to day')
    .requiredOption('--vendor <name>', 'such as acme')
    .option('--data <dir>', 'where everything of the authority is kept', '.muster-authority')
    .option('--days <n>', 'how long the intermediate signs', days, INTERMEDIATE_DAYS)
    .action(handled(async () => (await import('../authority/init/init-authority.js')).initAuthority));
  authority
    .command('run')
    .description('run the authority here until Ctrl-C: PostgreSQL and the service, each a process of its own')
    .option('--data <dir>', 'where everything of the authority is kept', '.muster-authority')
    .option('--port <n>', 'port; 0 for any (8363, or the next free one)', wholeNumber({ min: 0, max: PORT_MAX }))
    .option('--address <ip>', 'where hosts and machines elsewhere reach it, such as 0.0.0.0 (127.0.0.1: only from here)')
    .option('--tls-certificate <file>', 'PEM, with its chain: without, nobody elsewhere gets far')
    .option('--tls-key <file>', 'PEM')
    .addHelpText('after', '\nUses the server of MUSTER_DATABASE_URL instead of its own where that is set.')
    .action(handled(async () => (await import('../authority/run/run-authority.js')).runAuthority));
  authority
    .command('renew-intermediate')
    .description('make a new intermediate with the root key that was brought back for it')
    .option('--root-key <file>', "the root's private key (where init left it)")
    .option('--data <dir>', 'data directory of the authority (the nearest .muster-authority, here or above)')
    .option('--days <n>', 'how long the intermediate signs', days, INTERMEDIATE_DAYS)
    .action(handled(async () => (await import('../authority/init/init-authority.js')).renewAuthority));
};

const addCatalogueCommands = (authority: Command): void => {
  const catalogue = authority.command('catalogue').description('what the vendor sells, and by which rules');
  catalogue
    .command('check <file>')
    .description('say everything that is wrong with a catalogue file')
    .action(handledWith(async () => (await import('../authority/catalogue/catalogue-commands.js')).checkCatalogue));
  withAuthority(catalogue.command('apply <file>'))
    .description('put a catalogue file in force')
    .action(handledWith(async () => (await import('../authority/catalogue/catalogue-commands.js')).applyCatalogue));
  withAuthority(catalogue.command('show'))
    .description('print the catalogue in force')
    .action(handled(async () => (await import('../authority/catalogue/catalogue-commands.js')).showCatalogue));
};

const addKeyCommands = (authority: Command): void => {
  withAuthority(authority.command('issue-host-key'))
    .description('issue the key by which an organisation activates its hosts; it is shown once')
    .requiredOption('--organisation <name>', 'for whom')
    .requiredOption('--group <name>', 'the highest product group that its hosts serve')
    .option('--hosts <n>', 'how many hosts (6)', limit)
    .option('--activations <n>', 'how often each (10)', limit)
    .option('--policies <file>', 'write its policies file, for hosts that cannot fetch it')
    .action(handled(async () => (await import('../authority/keys/key-commands.js')).issueHostKey));
  withAuthority(authority.command('issue-mak'))
    .description('issue a multiple activation key; it is shown once')
    .requiredOption('--organisation <name>', 'for whom')
    .requiredOption('--group <name>', 'the highest product group that it pays for')
    .requiredOption('--allowance <n>', 'how many activations', allowance)
    .action(handled(async () => (await import('../authority/keys/key-commands.js')).issueMultipleActivationKey));
  withAuthority(authority.command('keys'))
    .description('the keys that were issued, and what is left of them')
    .action(handled(async () => (await import('../authority/keys/key-commands.js')).listKeys));
  withAuthority(authority.command('raise <key>'))
    .description('set the limits of a key anew; named by its last group or its id')
    .option('--hosts <n>', 'of a host key', limit)
    .option('--activations <n>', 'of a host key, for each host', limit)
    .option('--allowance <n>', 'of a multiple activation key', allowance)
    .action(handledWith(async () => (await import('../authority/keys/key-commands.js')).raiseKey));
  withAuthority(authority.command('revoke <key>'))
    .description('take a key out of use; what it activated stays')
    .addOption(new Option('--reason <reason>', 'why').choices(['leaked', 'ended', 'refunded']).makeOptionMandatory())
    .action(handledWith(async () => (await import('../authority/keys/key-commands.js')).revokeKey));
};

const addConfirmationCommands = (authority: Command): void => {
  withAuthority(authority.command('confirm'))
    .description('activate a host by hand: print its confirmation as a file and as groups to be read out')
    .requiredOption('--key <key>', 'its host key; - reads it from standard input')
    .option('--code <code>', 'the installation code as it was read out')
    .option('--request <file>', 'the request of the host, where it came as a file')
    .option('--request-id <uuid>', 'of an earlier try whose answer was lost: uses nothing up again')
    .option('--output <file>', 'write the confirmation for `muster host confirm`')
    .action(handled(async () => (await import('../authority/confirm/confirm-host.js')).confirmHost));
  withAuthority(authority.command('confirm-machines <file>'))
    .description('activate the machines whose requests are in the file (exit code 8 when some are refused)')
    .requiredOption('--key <key>', 'the multiple activation key that pays; - reads it from standard input')
    .option('--output <file>', 'write the confirmations')
    .action(handledWith(async () => (await import('../authority/confirm/confirm-machines.js')).confirmMachines));
};

const addRevocationCommands = (authority: Command): void => {
  withAuthority(authority.command('revoke-certificate <id>'))
    .description('take the word for a host certificate back')
    .addOption(vendorReason())
    .action(handledWith(async () => (await import('../authority/revocations/revoke-commands.js')).revokeCertificate));
  withAuthority(authority.command('revoke-key <thumbprint>'))
    .description('trust a key no more: of a host, a signing key, an intermediate')
    .addOption(vendorReason())
    .action(handledWith(async () => (await import('../authority/revocations/revoke-commands.js')).revokePublicKey));
  withAuthority(authority.command('revocations'))
    .description('the signed list in force')
    .option('--output <file>', 'write it, for hosts that cannot fetch it')
    .action(handled(async () => (await import('../authority/revocations/revoke-commands.js')).showRevocations));
};

const addLedgerCommands = (authority: Command): void => {
  const position = wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });
  withAuthority(authority.command('events'))
    .description("the authority's ledger in order; in JSON an array of CloudEvents")
    .option('--type <type>', 'only this type, such as HostCertificateIssued')
    .option('--machine <id>', 'only of this machine')
    .option('--after <position>', 'start after this position', position, 0)
    .option('--limit <n>', 'at most so many', wholeNumber({ min: 1, max: 1_000_000 }), 100)
    .action(handled(async () => (await import('../authority/ledger/ledger-commands.js')).listAuthorityEvents));
  withAuthority(authority.command('accept-time'))
    .description('accept that the clock is far ahead of the last event, after a month without one')
    .action(handled(async () => (await import('../authority/ledger/ledger-commands.js')).acceptAuthorityTime));
};

export const addAuthorityCommands = (program: Command): void => {
  const authority = program.command('authority').description("the vendor's side: keys, activations, revocations");
  addServiceCommands(authority);
  addCatalogueCommands(authority);
  addKeyCommands(authority);
  addConfirmationCommands(authority);
  addRevocationCommands(authority);
  addLedgerCommands(authority);
};
