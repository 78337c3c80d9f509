import { Problem, SECOND_MS } from '@muster/kernel';
import type { Log } from '@muster/messaging';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ReadinessRegistry } from '../health/readiness-registry.js';
import type { Metrics } from '../metrics/metrics.js';
import type { HttpReply, HttpRequest } from './http-message.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteTable } from './route-table.js';
import { type TlsConfig, tlsOptions, trustedProxiesOf } from './tls.config.js';
import { writeProblem } from './write-problem.js';

const SMALL_BODY_BYTES_MAX = 16 * 1024; // what nearly every request is smaller than
const LARGE_BODIES_MAX = 64; // at once, those whose length is not told included: with the 512 KiB of the largest ones, 32 MB
const REQUEST_TIMEOUT_MS = 30_000; // to receive a whole request: a client that trickles one holds a connection, no longer
const KEEP_ALIVE_TIMEOUT_MS = 65_000; // longer than the 60 s of usual load balancers, which must be the first to close
const CONNECTIONS_MAX = 10_000; // with a small body in each, 160 MB; whoever comes then waits in the kernel's own queue, which is bounded too

export interface HttpOptions {
  /** Media types that are taken, as bytes (`@Body()` is a `Buffer`), each with the most that such a body may have. Any other is answered with 415. */
  readonly bodies?: Readonly<Record<string, number>>;
}

interface Dependencies {
  readonly config: TlsConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly readiness: ReadinessRegistry;
}

const mayBeLarge = ({ headers }: HttpRequest): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SMALL_BODY_BYTES_MAX;

/** Turns a large body away while many are on their way: nobody fills the memory by opening connections. Counted until it is answered or broken off. */
const largeBodiesBound = () => {
  let large = 0;
  return (request: HttpRequest, reply: HttpReply, done: () => void): void => {
    if (!mayBeLarge(request)) return done();
    if (large >= LARGE_BODIES_MAX) return writeProblem(request, reply, new Problem('overloaded', 'Many large requests are on their way already.'));
    large += 1;
    reply.raw.once('close', () => (large -= 1));
    done();
  };
};

/** Fastify with our answers to everything that goes wrong, our metrics, and no body parsers but those asked for. */
export function createHttpAdapter(options: HttpOptions, { config, log, metrics, readiness }: Dependencies): { readonly adapter: FastifyAdapter; readonly filter: ProblemFilter } {
  const routes = new RouteTable();
  const filter = new ProblemFilter(routes, log);
  const adapter = new FastifyAdapter({
    ...tlsOptions(config),
    trustProxy: trustedProxiesOf(config),
    bodyLimit: SMALL_BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    return503OnClosing: false, // answered below, as a problem
    frameworkErrors: (error: unknown, request: HttpRequest, reply: HttpReply) => filter.answer(error, request, reply),
  });
  const fastify = adapter.getInstance();
  fastify.server.maxConnections = CONNECTIONS_MAX;

  fastify.removeAllContentTypeParsers();
  for (const [type, bodyLimit] of Object.entries(options.bodies ?? {})) fastify.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));

  fastify.addHook('onRoute', ({ method, url }) => routes.add(method, url));

  fastify.addHook('onRequest', (request, reply, done) => {
    if (!readiness.stopping) return done();
    reply.header('connection', 'close');
    writeProblem(request, reply, new Problem('unavailable', 'This service is stopping.'));
  });

  fastify.addHook('onRequest', largeBodiesBound());

  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (readiness.stopping) reply.header('connection', 'close'); // else the connection of the last answer keeps the service waiting
    done();
  });

  const durations = metrics.histogram({ name: 'muster_http_request_duration_seconds', help: 'From the request to the end of its answer.', labelNames: ['method', 'route', 'status'] });
  fastify.addHook('onResponse', (request, reply, done) => {
    durations.observe({ method: request.method, route: request.routeOptions.url ?? '', status: String(reply.statusCode) }, reply.elapsedTime / SECOND_MS);
    done();
  });
  return { adapter, filter };
}
