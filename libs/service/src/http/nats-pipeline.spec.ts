import 'reflect-metadata';
import { Problem } from '@muster/kernel';
import { type Log, MusterNatsServer, type ServingBus } from '@muster/messaging';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { ProblemFilter } from './problem.filter.js';
import { ProblemValidationPipe } from './problem-validation.pipe.js';
import { RouteTable } from './route-table.js';

const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

@Controller()
class TestController {
  @MessagePattern('test.double')
  double(@Payload({ schema: z.strictObject({ n: z.int(), deep: z.strictObject({ flag: z.boolean().default(true) }) }) }) request: { readonly n: number; readonly deep: object }): object {
    if (request.n < 0) throw new Problem('invalid-as-of', 'negative', { retryAfterSeconds: 3 });
    return { doubled: request.n * 2, deep: request.deep };
  }
}

@Module({ controllers: [TestController] })
class TestModule {}

type OnMessage = Parameters<ServingBus['serve']>[2];

/** Only what the transport uses: hands a message to the subject's handler and gives back its reply. */
function createLoopback(): { readonly bus: ServingBus; ask(subject: string, payload: unknown): Promise<unknown> } {
  const served = new Map<string, OnMessage>();
  const bus = {
    serve: (subject: string, _queue: string, onMessage: OnMessage) => {
      served.set(subject, onMessage);
      return { close: () => Promise.resolve() };
    },
    flush: () => Promise.resolve(),
  };
  const ask = (subject: string, payload: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      const message = { subject, reply: '_INBOX_test.1', data: Buffer.from('{}'), json: () => structuredClone(payload), respond: (reply: string) => resolve(JSON.parse(reply)) };
      served.get(subject)?.(message as unknown as Parameters<OnMessage>[0], {} as Parameters<OnMessage>[1]);
    });
  return { bus: bus as unknown as ServingBus, ask };
}

describe('a NATS handler behind the filter and pipe of a service', () => {
  it('gets what fits its schema, with defaults, and its problems reach the caller', async () => {
    const { bus, ask } = createLoopback();
    const app = await NestFactory.create(TestModule, new FastifyAdapter(), { logger: false });
    app.useGlobalFilters(new ProblemFilter(new RouteTable(), quiet));
    app.useGlobalPipes(new ProblemValidationPipe());
    app.connectMicroservice({ strategy: new MusterNatsServer({ bus, queue: 'test', log: quiet }) }, { inheritAppConfig: true });
    await app.startAllMicroservices();

    expect(await ask('test.double', { n: 4, deep: {} })).toEqual({ doubled: 8, deep: { flag: true } });
    expect(await ask('test.double', { n: 4, deep: { flag: 'yes' } })).toMatchObject({
      kind: 'malformed-request',
      detail: expect.stringContaining('/deep/flag: ') as string,
      extensions: { pointer: '/deep/flag' },
    });
    expect(await ask('test.double', { n: -1, deep: {} })).toEqual({ kind: 'invalid-as-of', detail: 'negative', retryAfterSeconds: 3, extensions: {} });
    await app.close();
  });
});
