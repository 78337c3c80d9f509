import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Problem } from '@muster/kernel';
import { BUS, type Bus } from '@muster/messaging';
import { Body, Controller, Get, Inject, Module, Param, Post, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { commonConfig } from '../config/common-config.js';
import { defineConfig, secret } from '../config/setting.js';
import type { ReadinessRegistry } from '../health/readiness-registry.js';
import type { HttpReply, HttpRequest } from '../http/http-message.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import { traceOf } from '../http/trace.js';
import { CONFIG, READINESS } from '../tokens.js';
import { startNatsStub } from './nats-stub.fixture.js';
import { type RunningService, startService } from './start-service.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

const config = defineConfig({ ...commonConfig, apiToken: secret('MUSTER_API_TOKEN') });

/** A request that waits until the test lets it go. */
const slow: { arrived: () => void; go: Promise<void> } = { arrived: () => undefined, go: Promise.resolve() };

@Controller('v1')
@OpenRoute()
class TestController {
  constructor(
    @Inject(CONFIG) private readonly configuration: { readonly ledger: string },
    @Inject(BUS) private readonly bus: Bus,
    @Inject(READINESS) readiness: ReadinessRegistry,
  ) {
    readiness.register('test', () => ({ status: 'warn', detail: 'only a test' }));
  }

  @Get('ledger')
  ledger(@Req() request: HttpRequest): object {
    return { ledger: this.configuration.ledger, traceparent: traceOf(request).traceparent };
  }

  @Get('pools/:pool')
  pool(@Param('pool', { schema: z.string().regex(/^[a-z]+$/, 'lower-case letters') }) pool: string): object {
    return { pool };
  }

  @Post('things')
  things(@Body() body: unknown, @Res({ passthrough: true }) reply: HttpReply): object {
    reply.code(202).header('retry-after', '7200');
    return { bytes: Buffer.isBuffer(body) ? body.toString() : null };
  }

  @Get('problem')
  problem(): never {
    throw new Problem('request-not-fresh', 'iat is 400 s old', { extensions: { serverTime: '2026-01-01T00:00:00.000Z' } });
  }

  @Get('operators')
  operators(): never {
    throw new Problem('unauthorized', 'No token.');
  }

  @Get('bug')
  bug(): never {
    throw new Error('password=hunter2');
  }

  @Get('known-bug')
  knownBug(): never {
    throw new Problem('internal', 'The answer of muster.v1.counting.count is not JSON.');
  }

  @Get('bus')
  async ask(): Promise<unknown> {
    return this.bus.request('muster.v1.nobody', {}, { schema: z.unknown(), timeoutMs: 60_000 });
  }

  @Get('slow')
  async slow(): Promise<object> {
    slow.arrived();
    await slow.go;
    return { finished: true };
  }
}

@Module({ controllers: [TestController] })
class TestModule {}

const lines: Record<string, unknown>[] = [];
const logDestination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };

const start = (natsUrl: string): Promise<RunningService> =>
  startService({
    name: 'counting',
    config,
    module: TestModule,
    http: { bodies: { 'application/jose': 64 } },
    env: { MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: natsUrl, MUSTER_API_TOKEN: 'hunter2', MUSTER_LEGDER: 'misspelt' },
    logDestination,
  });

describe('a service without NATS', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await start('nats://127.0.0.1:1');
  });
  afterAll(async () => {
    expect(await service.stop()).toBe(true);
  });

  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${service.url}${path}`, init);
  const problemOf = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await get(path, { ...init, headers: { traceparent: TRACEPARENT, ...init.headers } });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const document = (await response.json()) as { readonly status: number };
    expect(response.status).toBe(document.status);
    return document;
  };
  const post = (body: string, type: string): RequestInit => ({ method: 'POST', body, headers: { 'content-type': type } });

  it('lives, is not ready, and says why', async () => {
    expect(await (await get('/livez')).json()).toEqual({ status: 'live' });
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not-ready',
      checks: [
        { name: 'nats', status: 'down', detail: expect.stringMatching(/^disconnected for \d+ s: ./) as string },
        { name: 'test', status: 'warn', detail: 'only a test' },
      ],
    });
  });

  it('measures what it answers', async () => {
    await get('/v1/pools/acme');
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('muster_http_request_duration_seconds_count{method="GET",route="/v1/pools/:pool",status="200"} 1');
  });

  it('gives its controllers configuration, trace, bytes and the reply', async () => {
    expect(await (await get('/v1/ledger', { headers: { traceparent: TRACEPARENT } })).json()).toEqual({ ledger: 'main', traceparent: TRACEPARENT });
    const response = await get('/v1/things', post('a.b.c', 'application/jose'));
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([202, '7200', { bytes: 'a.b.c' }]);
  });

  it('answers a problem with its document', async () => {
    expect(await problemOf('/v1/problem')).toEqual({
      serverTime: '2026-01-01T00:00:00.000Z',
      type: '/problems/request-not-fresh',
      title: "The request's time is too far from the host's",
      status: 400,
      detail: 'iat is 400 s old',
      code: 'request-not-fresh',
      traceId: TRACE_ID,
    });
    const response = await get('/v1/operators');
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('answers what it did not expect without detail, and logs it with the trace', async () => {
    expect(await problemOf('/v1/bug')).toEqual({ type: '/problems/internal', title: 'The host failed', status: 500, detail: '', code: 'internal', traceId: TRACE_ID });
    expect(await problemOf('/v1/known-bug')).toMatchObject({ code: 'internal', detail: '' });
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', traceId: TRACE_ID, route: '/v1/bug', err: expect.objectContaining({ type: 'Error' }) as unknown }));
  });

  it('answers at once, and says when to try again, while NATS is away', async () => {
    const response = await get('/v1/bus');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await response.json()).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 });
  });

  it('refuses with problems of the catalogue what Fastify refuses', async () => {
    expect(await problemOf('/nowhere?secret=1')).toMatchObject({ code: 'not-found', detail: 'There is no such resource.' });
    expect(await problemOf('/v1/things', post('x'.repeat(65), 'application/jose'))).toMatchObject({ code: 'request-too-large' });
    expect(await problemOf('/v1/things', post('{}', 'application/json'))).toMatchObject({ code: 'unsupported-media-type' });
    expect(await problemOf('/v1/things', post('x', 'text/plain'))).toMatchObject({ code: 'unsupported-media-type' });
    expect(await problemOf('/v1/%zz')).toMatchObject({ code: 'malformed-request' });
    expect(await problemOf('/v1/pools/UPPER')).toMatchObject({ code: 'malformed-request', detail: '/pool: lower-case letters', pointer: '/pool' });
  });

  it('names the methods that are allowed', async () => {
    const response = await get('/v1/things');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await problemOf('/v1/pools/acme?x=1', { method: 'DELETE' })).toMatchObject({ code: 'method-not-allowed', detail: 'Allowed here: GET, HEAD.' });
  });

  it('warns of variables that mean nothing, and logs no secret', () => {
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', variables: ['MUSTER_LEGDER'] }));
    expect(JSON.stringify(lines.filter(({ err }) => err === undefined))).not.toContain('hunter2');
  });
});

describe('a service with NATS', () => {
  it('becomes ready, and stops without losing what is in flight', async () => {
    const nats = await startNatsStub();
    const service = await start(nats.url);
    await untilReady(service.url);

    let letGo = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (slow.arrived = resolve));
    slow.go = new Promise((resolve) => (letGo = resolve));
    const inFlight = fetch(`${service.url}/v1/slow`);
    await arrived;
    const idle = await keepAlive(service.url);

    const stopping = service.stop();
    expect(await idle.ask('/v1/ledger')).toMatch(/^HTTP\/1\.1 503 [^]*connection: close[^]*"code":"unavailable"/);
    letGo();
    expect(await (await inFlight).json()).toEqual({ finished: true });
    expect(await stopping).toBe(true);
    await expect(fetch(`${service.url}/livez`)).rejects.toThrow();
    await nats.close();
  });

  it('leaves nothing behind when it cannot listen', async () => {
    const nats = await startNatsStub();
    const first = await start(nats.url);
    const port = new URL(first.url).port;
    const second = startService({ name: 'counting', config, module: TestModule, env: { MUSTER_HTTP_PORT: port, MUSTER_NATS_URL: nats.url, MUSTER_API_TOKEN: 't' }, logDestination });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
    await nats.close(); // resolves only once every connection has ended
  });
});

async function untilReady(url: string): Promise<void> {
  while (!(await fetch(`${url}/readyz`)).ok);
}

/** A connection that is open already when the service begins to stop. */
async function keepAlive(url: string): Promise<{ ask(path: string): Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n'); // not finished, so the connection is not idle
  return {
    ask: (path) => {
      socket.write(`\r\nGET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      return text(socket).then((all) => all.slice(all.lastIndexOf('HTTP/1.1')));
    },
  };
}
