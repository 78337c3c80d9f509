#!/usr/bin/env node
import { constants } from 'node:os';
import { onLauncherGone } from '../process/launcher.js';
import { startProcess } from '../process/start-process.js';
import { TEST_DATABASE_URL_VARIABLE, TEST_NATS_URL_VARIABLE, testServers } from '../testing/test-servers.js';

const USAGE = 'usage: with-servers -- COMMAND [ARGUMENT...]';
const EXIT_USAGE = 64; // EX_USAGE of sysexits(3)
const STOP_TIMEOUT_MS = 20_000; // a command that runs tests ends its own servers first

/** Runs a command with PostgreSQL and NATS beside it; answers the exit code that a shell would show for it. */
async function withServers(command: string, args: readonly string[]): Promise<number> {
  const log = (line: string): void => void process.stderr.write(`with-servers: ${line}\n`);
  let stopAsked: NodeJS.Signals | undefined;
  let stopCommand = (): void => undefined;
  const ask = (signal: NodeJS.Signals): void => {
    stopAsked ??= signal;
    stopCommand();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  onLauncherGone(() => ask('SIGTERM'));

  const servers = await testServers(log);
  try {
    if (stopAsked !== undefined) return exitCodeOf(stopAsked);
    const env = { ...process.env, [TEST_DATABASE_URL_VARIABLE]: servers.databaseUrl, [TEST_NATS_URL_VARIABLE]: servers.natsUrl };
    const part = await startProcess({ name: command, command, args, env, log, output: 'inherit', stopTimeoutMs: STOP_TIMEOUT_MS });
    stopCommand = () => void part.stop();
    if (stopAsked !== undefined) stopCommand();
    const { code, signal } = await part.exited;
    await part.stop();
    return stopAsked === undefined ? (code ?? exitCodeOf(signal ?? 'SIGKILL')) : exitCodeOf(stopAsked);
  } finally {
    await servers.stop();
  }
}

const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

const separator = process.argv.indexOf('--');
const [command, ...args] = separator === -1 ? [] : process.argv.slice(separator + 1);
if (command === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = EXIT_USAGE;
} else {
  process.exitCode = await withServers(command, args).catch((error: unknown) => {
    process.stderr.write(`with-servers: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
  if (process.connected) process.disconnect();
}
