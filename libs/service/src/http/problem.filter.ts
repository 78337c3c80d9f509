import { isProblem, Problem, type ProblemKind } from '@muster/kernel';
import type { Log } from '@muster/messaging';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, HttpStatus } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import type { HttpReply, HttpRequest } from './http-message.js';
import type { RouteTable } from './route-table.js';
import { traceOf } from './trace.js';
import { writeProblem } from './write-problem.js';

/** What Nest and Fastify refuse by themselves, as kinds of ours. Any other 4xx is `malformed-request`. */
const kindOfStatus: Readonly<Partial<Record<number, ProblemKind>>> = {
  [HttpStatus.UNAUTHORIZED]: 'unauthorized',
  [HttpStatus.NOT_FOUND]: 'not-found',
  [HttpStatus.METHOD_NOT_ALLOWED]: 'method-not-allowed',
  [HttpStatus.PAYLOAD_TOO_LARGE]: 'request-too-large',
  [HttpStatus.UNSUPPORTED_MEDIA_TYPE]: 'unsupported-media-type',
  [HttpStatus.TOO_MANY_REQUESTS]: 'rate-limited',
  [HttpStatus.SERVICE_UNAVAILABLE]: 'unavailable',
};

const pathOf = (request: HttpRequest): string => request.url.split('?', 1)[0] ?? '/';

/** Turns whatever was thrown into an answer: problems as documents over HTTP, and untouched over NATS, where the transport encodes them. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #routes: RouteTable;
  readonly #log: Log;

  constructor(routes: RouteTable, log: Log) {
    this.#routes = routes;
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() !== 'http') return throwError(() => error);
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<HttpRequest>(), http.getResponse<HttpReply>());
    return undefined;
  }

  /** Also for errors that Fastify meets before Nest does. */
  answer(error: unknown, request: HttpRequest, reply: HttpReply): void {
    const problem = this.#problemOf(error, request, reply);
    if (problem.kind === 'internal') {
      this.#log.error({ err: error, traceId: traceOf(request).traceId, method: request.method, route: request.routeOptions?.url }, 'a request failed');
    }
    // What is internal stays so: the detail names subjects and services, and helps nobody outside.
    const shown = problem.kind === 'internal' ? new Problem('internal', '') : problem;
    if (!reply.sent && !reply.raw.headersSent) return writeProblem(request, reply, shown);
    reply.raw.destroy(); // half an answer is out: a cut connection is the only way left to say that it is not whole
  }

  #problemOf(error: unknown, request: HttpRequest, reply: HttpReply): Problem {
    if (isProblem(error)) return error;
    const status = error instanceof HttpException ? error.getStatus() : (error as { readonly statusCode?: unknown } | null)?.statusCode;
    if (typeof status !== 'number' || status < HttpStatus.BAD_REQUEST) return new Problem('internal', '');
    if (status === HttpStatus.NOT_FOUND) return this.#nothingHere(request, reply);
    const kind = kindOfStatus[status] ?? (status < HttpStatus.INTERNAL_SERVER_ERROR ? 'malformed-request' : 'internal');
    return new Problem(kind, kind === 'internal' ? '' : error instanceof Error ? error.message : '', { cause: error });
  }

  #nothingHere(request: HttpRequest, reply: HttpReply): Problem {
    const methods = this.#routes.methodsOf(pathOf(request));
    if (methods.length === 0 || methods.includes(request.method)) return new Problem('not-found', 'There is no such resource.');
    reply.header('allow', methods.join(', '));
    return new Problem('method-not-allowed', `Allowed here: ${methods.join(', ')}.`);
  }
}
