import type { Problem } from '@muster/kernel';
import type { HttpReply, HttpRequest } from './http-message.js';
import { problemDocumentOf } from './problem-document.js';
import { statusOf } from './problem-status.js';
import { traceOf } from './trace.js';

/** Answers with the problem's document, and the headers that go with its kind. */
export function writeProblem(request: HttpRequest, reply: HttpReply, problem: Problem): void {
  reply.code(statusOf(problem.kind)).header('content-type', 'application/problem+json').header('cache-control', 'no-store');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(problem.retryAfterSeconds)));
  if (problem.kind === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  // As bytes: Fastify adds a charset to text, and JSON has none (RFC 8259 section 11).
  reply.send(Buffer.from(JSON.stringify(problemDocumentOf(problem, traceOf(request).traceId))));
}
