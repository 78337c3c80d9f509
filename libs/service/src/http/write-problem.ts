import type { Problem } from '@muster/kernel';
import type { HttpReply, HttpRequest } from './http-message.js';
import { problemDocument } from './problem-document.js';
import { problemStatus } from './problem-status.js';
import { traceOf } from './trace.js';

/** Answers with the problem's document, and the headers that go with its kind. */
export function writeProblem(request: HttpRequest, reply: HttpReply, problem: Problem): void {
  reply.code(problemStatus[problem.kind]).header('content-type', 'application/problem+json').header('cache-control', 'no-store');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(problem.retryAfterSeconds)));
  if (problem.kind === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  reply.send(JSON.stringify(problemDocument(problem, traceOf(request).traceId)));
}
