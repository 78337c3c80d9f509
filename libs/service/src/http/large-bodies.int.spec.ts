import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '@muster/testing';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { bootstrapIdentifier, hashOfToken } from '../access/token-identifier.js';
import { commonConfig } from '../config/common-config.js';
import { defineConfig } from '../config/setting.js';
import { type RunningService, startService } from '../run/start-service.js';
import { OpenRoute } from './open-route.decorator.js';

const TYPE = 'application/jose';
const LARGE_BYTES = 20_000;
const AT_ONCE = 64;

@Controller('v1')
class SizeController {
  @Post('size')
  @OpenRoute()
  size(@Body() body: Buffer): object {
    return { bytes: body.length };
  }
}

@Module({ imports: [AccessModule.forRoot({ useFactory: () => bootstrapIdentifier(hashOfToken('an-administrator-of-nothing')) })], controllers: [SizeController] })
class SizeModule {}

let service: RunningService;
beforeAll(async () => {
  const env = { MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: 'nats://127.0.0.1:1' };
  service = await startService({ name: 'gateway', config: defineConfig(commonConfig), module: SizeModule, http: { bodies: { [TYPE]: 2 * LARGE_BYTES } }, env, logDestination: { write: () => undefined } });
});
afterAll(() => service.stop());

const post = async (bytes: number) => {
  const response = await fetch(`${service.url}/v1/size`, { method: 'POST', headers: { 'content-type': TYPE }, body: Buffer.alloc(bytes, 'x') });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** A client that announces a large body and sends none of it. */
const dawdle = (header: string): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => {
      socket.write(`POST /v1/size HTTP/1.1\r\nhost: muster\r\ncontent-type: ${TYPE}\r\n${header}\r\n\r\n`, () => resolve(socket));
    });
  });

it('large bodies are taken a few at a time, whether or not they say how large they are; small ones always', async () => {
  expect(await post(LARGE_BYTES)).toMatchObject({ status: 201, body: { bytes: LARGE_BYTES } });
  expect(await post(2 * LARGE_BYTES + 1)).toMatchObject({ status: 413, body: { code: 'request-too-large' } });
  const dawdlers = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => dawdle(at % 2 === 0 ? `content-length: ${LARGE_BYTES}` : 'transfer-encoding: chunked')));
  await eventually(async () => expect(await post(LARGE_BYTES)).toMatchObject({ status: 503, body: { code: 'overloaded' } }));
  expect(await post(1000)).toMatchObject({ status: 201 });
  for (const socket of dawdlers) socket.destroy();
  await eventually(async () => expect(await post(LARGE_BYTES)).toMatchObject({ status: 201 }));
});

it('a body that never comes is not counted for longer than its connection', async () => {
  const socket = await dawdle(`content-length: ${LARGE_BYTES}`);
  socket.end();
  await text(socket);
  expect(await post(LARGE_BYTES)).toMatchObject({ status: 201 });
});
