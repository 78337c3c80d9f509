import type { ReplayProgress, ReplayReport } from '@muster/contracts';
import { replayProgressSchema, replayReportSchema, subjects } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpReply, HttpRequest } from '@muster/service';
import { problemDocumentOf, Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { z } from 'zod';

/** A counting service reports progress every second; ten missed reports are an end. */
const IDLE_TIMEOUT_MS = 10_000;
/** A ledger of a billion events at a million a second. */
const REPLAY_TIMEOUT_MS = 30 * 60_000;

const lineSchema = z.discriminatedUnion('status', [replayProgressSchema, replayReportSchema]);

async function* asLines(lines: AsyncIterable<ReplayProgress | ReplayReport>, traceId: string): AsyncGenerator<string> {
  try {
    for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  } catch (error) {
    // The status line is long gone: a failure is the last line instead.
    if (!isProblem(error)) throw error;
    yield `${JSON.stringify({ status: 'failed', problem: problemDocumentOf(error, traceId) })}\n`;
  }
}

@Controller('v1/replays')
export class ReplaysController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post()
  @Roles('auditor')
  @ApiOperation({
    summary: 'Rebuild the counts from the first event, beside the running ones, and compare',
    description: 'Answers NDJSON: lines of progress, then the report (`status: done`) or the problem that ended it (`status: failed`).',
  })
  @ApiOkResponse({ description: 'Progress lines, then the report', content: { 'application/x-ndjson': { schema: { type: 'string' } } } })
  @ApiProblems('unavailable')
  replay(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Readable {
    const { traceparent, traceId } = traceOf(request);
    const lines = this.bus.requestStream(subjects.countingReplay, {}, { schema: lineSchema, idleTimeoutMs: IDLE_TIMEOUT_MS, totalTimeoutMs: REPLAY_TIMEOUT_MS, traceparent });
    reply.code(200).header('content-type', 'application/x-ndjson');
    return Readable.from(asLines(lines, traceId));
  }
}
