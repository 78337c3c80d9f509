import { CommanderError } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { CliFailure } from './cli-failure.js';
import type { ExitCode, ExitReason } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';

const titles: Readonly<Record<ExitReason, string>> = {
  ok: 'Done',
  failed: 'The command failed',
  usage: 'The command was not understood',
  notFound: 'There is nothing of that name',
  authentication: 'The access token is missing, wrong or not enough',
  conflict: 'Something is in the way',
  notActivated: 'Not activated',
  unreachable: 'The host does not answer',
  findings: 'Something was found to be wrong',
  interrupted: 'Interrupted',
};

const slugOf = (reason: ExitReason): string => reason.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** RFC 9457 for a failure that no host answered with: no HTTP status, and a `type` that names no page. */
export const failureDocument = ({ reason, message, remedy, problem }: CliFailure): object =>
  problem ?? { type: 'about:blank', title: titles[reason], detail: message, code: slugOf(reason), ...(remedy === undefined ? {} : { remedy }) };

const describeProblem = ({ problem, message }: CliFailure): readonly string[] => {
  if (problem === undefined) return [message];
  const retry = problem.retryAfterSeconds === undefined ? [] : [`Try again in ${problem.retryAfterSeconds} s.`];
  return [`${message} (${problem.code}${problem.traceId === undefined ? '' : `, trace ${problem.traceId}`})`, ...retry];
};

const asFailure = (error: unknown): CliFailure => {
  if (error instanceof CliFailure) return error;
  return new CliFailure('failed', error instanceof Error ? error.message : String(error), { cause: error });
};

/** Says on standard error what went wrong, and answers the exit code. */
export const reportFailure = (error: unknown, terminal: Terminal): ExitCode => {
  // commander has printed help, version or its own complaint already.
  if (error instanceof CommanderError && (error.exitCode === 0 || !terminal.json)) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const failure = error instanceof CommanderError ? new CliFailure('usage', error.message.replace(/^error: /, '')) : asFailure(error);
  if (terminal.json) {
    terminal.note(JSON.stringify(failureDocument(failure)));
  } else {
    const [first = '', ...rest] = describeProblem(failure);
    terminal.note(`${terminal.paint('red', 'error')}: ${first}`);
    for (const line of [...rest, ...(failure.remedy === undefined ? [] : [failure.remedy])]) terminal.note(line);
    if (terminal.verbose && failure.cause instanceof Error) terminal.note(failure.cause.stack ?? failure.cause.message);
  }
  return exitCodes[failure.reason];
};
