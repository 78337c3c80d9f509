import type { Command } from 'commander';
import { Option } from 'commander';
import { durationSeconds } from '../host/clock/duration.js';
import { ONE_OF_EACH, parseReplicas } from '../host/run/replicas.js';
import { handled, wholeNumber, withHost } from './handled.js';
import { addHostDnsCommands } from './host-dns.commands.js';
import { addHostLifeCommands } from './host-life.commands.js';

const PORT_MAX = 65_535;

const replicas = new Option('--replicas <list>', 'processes of a service, such as activation=2,dns-registrar=0').argParser(parseReplicas).default(ONE_OF_EACH, 'one of each');

export const addHostCommands = (program: Command): void => {
  const host = program.command('host').description('run an activation host, and look after it');
  host
    .command('run')
    .description('run a host here until Ctrl-C: PostgreSQL, NATS and the services, each a process of its own')
    .option('--data <dir>', 'where everything of the host is kept', '.muster')
    .option('--port <n>', 'port; 0 for any (6878, or the next free one)', wholeNumber({ min: 0, max: PORT_MAX }))
    .option('--address <ip>', 'where machines elsewhere reach it, such as 0.0.0.0 (127.0.0.1: only from here)')
    .option('--tls-certificate <file>', 'PEM, with its chain: off this machine nobody administers without')
    .option('--tls-key <file>', 'PEM')
    .addOption(replicas)
    .option('--vendor-root <file>', "the vendor's public root key: a host that is to be activated (without it a development vendor is made, once)")
    .option('--controlled-clock', 'development only: a clock that `host clock` can move forward; production refuses it')
    .addHelpText('after', '\nUses the servers of MUSTER_DATABASE_URL and MUSTER_NATS_URL instead of its own where these are set.')
    .action(handled(async () => (await import('../host/run/run-host.js')).runHost));
  host
    .command('clock')
    .description('show the controlled clock of a local host, or move it forward (development only)')
    .option('--data <dir>', 'data directory of the host (the nearest .muster, here or above)')
    .option('--advance <duration>', 'such as 90s, 15m, 2h or 7d', durationSeconds, 0)
    .addHelpText('after', '\nMore than 30 days past the last event, the host records nothing until `muster host accept-time` (with the same --data).')
    .action(handled(async () => (await import('../host/clock/move-clock.js')).moveClock));
  withHost(host.command('status'))
    .description('counts and thresholds, intervals, cumulative requests, certificate, parts')
    .action(handled(async () => (await import('../host/status/show-status.js')).showStatus));
  withHost(host.command('replay'))
    .description('rebuild the counts from the first event, and compare them with the live ones (exit code 8 when they differ)')
    .action(handled(async () => (await import('../host/replay/replay-host.js')).replayHost));
  withHost(host.command('accept-time'))
    .description('accept that the clock is far ahead of the last event, after a long stop: nothing is recorded until somebody does')
    .action(handled(async () => (await import('../host/time-step/accept-time.js')).acceptTime));
  addHostLifeCommands(host);
  addHostDnsCommands(host);
};
