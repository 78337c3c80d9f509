import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReplayProgress, ReplayReport } from '@muster/contracts';
import { problemDocumentSchema, replayProgressSchema, replayReportSchema } from '@muster/contracts';
import { CliFailure } from '../failure/cli-failure.js';
import type { Caller } from './caller.js';
import { problemFailure } from './caller.js';

/** As long as the gateway itself waits for a replay. */
const REPLAY_TIMEOUT_MS = 30 * 60_000;

/** One line of the answer to `POST /v1/replays`. @throws CliFailure when it is the problem that ended the replay */
export const parseReplayLine = (line: string): ReplayProgress | ReplayReport => {
  const value = JSON.parse(line) as { readonly status?: string; readonly problem?: unknown };
  const failed = value.status === 'failed' ? problemDocumentSchema.safeParse(value.problem) : undefined;
  if (failed?.success) throw problemFailure(failed.data);
  return value.status === 'progress' ? replayProgressSchema.parse(value) : replayReportSchema.parse(value);
};

/** Has the host replay its ledger, and hands on what it says meanwhile; the last line is the report. */
export async function* replayLines(caller: Caller): AsyncGenerator<ReplayProgress | ReplayReport> {
  const { body } = await caller.respond({ path: '/v1/replays', timeoutMs: REPLAY_TIMEOUT_MS, request: { method: 'POST' } });
  const lines = body === null ? [] : createInterface({ input: Readable.fromWeb(body), crlfDelay: Infinity });
  try {
    for await (const line of lines) if (line !== '') yield parseReplayLine(line);
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure('unreachable', `The replay broke off: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}
