import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrivateNats, startNats } from '@muster/devstack';
import { Problem } from '@muster/kernel';
import { Controller, Get, type INestApplication, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { anything, quiet, untilConnected } from '../bus/bus.fixture.js';
import type { Bus, ServingBus } from '../bus/bus.js';
import { connectBus } from '../bus/connect-bus.js';
import type { BusContext } from './bus-context.js';
import { BUS, MessagingModule } from './messaging.module.js';
import { type Handled, MusterNatsServer, RAW } from './muster-nats.server.js';
import { RpcProblemFilter } from './rpc-problem.filter.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A gate that handlers wait at until the test opens it. */
class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => undefined;
  arrived = 0;
  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

const GATE = Symbol('gate');

@Controller()
class TestController {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(GATE) private readonly gate: Gate,
  ) {}

  @MessagePattern('test.echo')
  echo(@Payload() payload: unknown, @Ctx() context: BusContext): unknown {
    return { payload, traceparent: context.traceparent ?? null, subject: context.subject };
  }

  @MessagePattern('test.bytes', RAW)
  bytes(@Payload() bytes: Uint8Array): Uint8Array {
    return bytes.toReversed();
  }

  @MessagePattern('test.problem')
  problem(): never {
    throw new Problem('product-not-covered', 'acme.toaster', { extensions: { product: 'acme.toaster' } });
  }

  @MessagePattern('test.bug')
  async bug(): Promise<never> {
    await Promise.resolve();
    throw new Error('password=hunter2');
  }

  @MessagePattern('test.nothing')
  nothing(): void {
    return;
  }

  @MessagePattern('test.stream')
  async *stream(@Payload() request: { readonly upTo: number; readonly failAt?: number }): AsyncGenerator<{ readonly n: number }> {
    for (let n = 1; n <= request.upTo; n += 1) {
      if (n === request.failAt) throw new Problem('invalid-as-of', `at ${n}`);
      yield await Promise.resolve({ n });
    }
  }

  /** Asks another subject while the service stops: the bus must outlive the handlers. */
  @MessagePattern('test.gated')
  async gated(): Promise<unknown> {
    this.gate.arrived += 1;
    await this.gate.opened;
    return this.bus.request('elsewhere', {}, { schema: anything, timeoutMs: 2000 });
  }

  @Get('hello')
  hello(): { readonly hello: string } {
    return { hello: 'http' };
  }
}

interface Running {
  readonly app: INestApplication;
  readonly bus: ServingBus;
  readonly gate: Gate;
  readonly handled: Handled[];
}

describe('the NATS transport in a hybrid Nest app', () => {
  let dir: string;
  let nats: PrivateNats;
  let caller: ServingBus;
  const started: Running[] = [];

  const connectTo = async (name: string): Promise<ServingBus> => {
    const bus = connectBus({ url: nats.url, name, inboxPrefix: `_INBOX_${name}`, log: quiet });
    await untilConnected(bus);
    return bus;
  };

  const start = async (handlersInFlightMax = 1000): Promise<Running> => {
    const bus = await connectTo('service');
    const gate = new Gate();
    const handled: Handled[] = [];

    @Module({ imports: [MessagingModule.forRoot({ bus })], controllers: [TestController], providers: [{ provide: GATE, useValue: gate }] })
    class TestModule {}

    const app = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter(), { logger: false });
    app.useGlobalFilters(new RpcProblemFilter());
    const strategy = new MusterNatsServer({ bus, queue: 'service', log: quiet, handlersInFlightMax, onHandled: (one) => handled.push(one) });
    app.connectMicroservice({ strategy }, { inheritAppConfig: true });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    await bus.flush(1000);
    const running = { app, bus, gate, handled };
    started.push(running);
    return running;
  };

  const ask = (subject: string, payload: unknown = {}): Promise<unknown> => caller.request(subject, payload, { schema: anything, timeoutMs: 5000 });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'muster-server-'));
    nats = await startNats({ dir, users: [] });
    caller = await connectTo('caller');
  });

  afterEach(async () => {
    for (const { app, gate } of started.splice(0)) {
      gate.open();
      await app.close();
    }
  });

  afterAll(async () => {
    await caller.close();
    await nats.stop();
    await rm(dir, { recursive: true });
  });

  it('answers over NATS and over HTTP', async () => {
    const { app } = await start();
    const answer = await caller.request('test.echo', { a: 1 }, { schema: anything, timeoutMs: 5000, traceparent: TRACEPARENT });
    expect(answer).toEqual({ payload: { a: 1 }, traceparent: TRACEPARENT, subject: 'test.echo' });
    expect(await ask('test.nothing')).toBeNull();
    expect(await caller.requestRaw('test.bytes', Uint8Array.of(0, 255, 3), { timeoutMs: 5000 })).toEqual(Uint8Array.of(3, 255, 0));
    expect(await (await fetch(`${await app.getUrl()}/hello`)).json()).toEqual({ hello: 'http' });
  });

  it("hands a handler's problem to the caller, and of any other error only that there was one", async () => {
    const { handled } = await start();
    await expect(ask('test.problem')).rejects.toMatchObject({ kind: 'product-not-covered', detail: 'acme.toaster', extensions: { product: 'acme.toaster' } });
    await expect(ask('test.bug')).rejects.toMatchObject({ kind: 'internal', detail: '' });
    await expect(caller.requestRaw('test.echo', Buffer.from('{'), { timeoutMs: 5000 })).rejects.toMatchObject({ kind: 'malformed-request' });
    expect(handled.map(({ subject, outcome }) => `${subject} ${outcome}`)).toEqual(['test.problem product-not-covered', 'test.bug internal', 'test.echo malformed-request']);
  });

  it('streams what a generator yields', async () => {
    await start();
    const items: unknown[] = [];
    const read = async (request: object): Promise<void> => {
      for await (const item of caller.requestStream('test.stream', request, { schema: anything, idleTimeoutMs: 2000, totalTimeoutMs: 5000 })) items.push(item);
    };
    await read({ upTo: 200 });
    expect(items).toEqual(Array.from({ length: 200 }, (_, index) => ({ n: index + 1 })));
    await expect(read({ upTo: 3, failAt: 2 })).rejects.toMatchObject({ kind: 'invalid-as-of' });
    expect(items).toHaveLength(201);
  });

  it('shares the work between the members of the queue group', async () => {
    const [one, other] = [await start(), await start()];
    await Promise.all(Array.from({ length: 200 }, () => ask('test.echo')));
    expect(one.handled.length + other.handled.length).toBe(200);
    expect(Math.min(one.handled.length, other.handled.length)).toBeGreaterThan(20);
  });

  it('says at once that it has too much to do', async () => {
    const { gate, app } = await start(2);
    const helper = caller.serve('elsewhere', 'caller', (message) => void message.respond('"done"'));
    await caller.flush(1000);
    const waiting = [ask('test.gated'), ask('test.gated')];
    await expect(ask('test.gated')).rejects.toMatchObject({ kind: 'overloaded', retryAfterSeconds: 5 });
    expect((await fetch(`${await app.getUrl()}/hello`)).status).toBe(200);
    gate.open();
    expect(await Promise.all(waiting)).toEqual(['done', 'done']);
    await helper.close();
  });

  it('finishes what is in flight when it stops, and takes nothing new', async () => {
    const { app, gate, bus } = await start();
    const helper = caller.serve('elsewhere', 'caller', (message) => void message.respond('"done"'));
    await caller.flush(1000);
    const inFlight = [ask('test.gated'), ask('test.gated')];
    await ask('test.echo');
    expect(gate.arrived).toBe(2);
    const closing = app.close();
    await expect(untilNobodyAnswers()).resolves.toMatchObject({ kind: 'unavailable' });
    expect(bus.status()).toEqual({ state: 'connected' });
    gate.open();
    expect(await Promise.all(inFlight)).toEqual(['done', 'done']);
    await closing;
    expect(bus.status()).toMatchObject({ state: 'disconnected' });
    await helper.close();
  });

  it('does not answer outside the inboxes', async () => {
    const { handled, bus } = await start();
    const heard: string[] = [];
    const listening = caller.serve('muster.v1.ledger.appended', 'x', (message) => void heard.push(message.string()));
    const connection = await (await import('@nats-io/transport-node')).connect({ servers: nats.url });
    connection.publish('test.echo', '{}', { reply: 'muster.v1.ledger.appended' });
    await connection.flush();
    await bus.flush(1000);
    await ask('test.echo');
    expect(handled).toHaveLength(1);
    expect(heard).toEqual([]);
    await listening.close();
    await connection.close();
  });

  const untilNobodyAnswers = async (): Promise<unknown> => {
    for (;;) {
      const problem = await ask('test.echo').catch((error: unknown) => error);
      if (problem instanceof Problem) return problem;
    }
  };
});
