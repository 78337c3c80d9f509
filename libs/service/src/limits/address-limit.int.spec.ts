import { Controller, Get, Module, Post, Req } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessModule } from '../access/access.module.js';
import { Roles } from '../access/roles.decorator.js';
import type { TokenIdentifier } from '../access/token-identifier.js';
import { commonConfig } from '../config/common-config.js';
import { defineConfig } from '../config/setting.js';
import type { HttpRequest } from '../http/http-message.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import { type RunningService, startService } from '../run/start-service.js';
import { addressLimitConfig } from './address-limit.config.js';
import { AddressLimitGuard, beyondAddressLimit } from './address-limit.guard.js';
import { describeLimits } from './describe-limits.js';
import { LimitMetrics } from './limit-metrics.js';
import { RepeatsPass } from './repeats-pass.decorator.js';

const BURST = 3;
const asked: string[] = [];
const identifier: TokenIdentifier = {
  identify: (hash) => {
    asked.push(hash);
    return Promise.resolve({ status: 'known', tokenId: 'id', role: 'viewer', expiresAtMs: null });
  },
};

@Controller('v1')
class LimitedController {
  @Get('closed')
  @Roles('viewer')
  closed(): object {
    return {};
  }

  @Post('signed')
  @OpenRoute()
  @RepeatsPass()
  signed(@Req() request: HttpRequest): object {
    return { beyond: beyondAddressLimit(request) !== undefined };
  }
}

@Module({
  imports: [AccessModule.forRoot({ useFactory: () => identifier })],
  controllers: [LimitedController],
  providers: [LimitMetrics, { provide: APP_GUARD, useClass: AddressLimitGuard }],
})
class LimitedModule {}

describe('the limit by address', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService({
      name: 'gateway',
      config: defineConfig({ ...commonConfig, ...addressLimitConfig }),
      module: LimitedModule,
      // Slower than any test: what is gone does not come back.
      env: { MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: 'nats://127.0.0.1:1', MUSTER_ADDRESS_REQUESTS_PER_SECOND: '1', MUSTER_ADDRESS_REQUESTS_BURST: String(BURST), MUSTER_TRUSTED_PROXIES: '127.0.0.1' },
      logDestination: { write: () => undefined },
    });
  });
  afterAll(() => service.stop());

  const from = (address: string, path: string, method = 'GET'): Promise<Response> =>
    fetch(`${service.url}${path}`, { method, headers: { authorization: `Bearer ${'x'.repeat(30)}`, 'x-forwarded-for': address, 'x-forwarded-proto': 'https' } });

  it('comes before any token is looked up, and says when to come back', async () => {
    const answers: Response[] = [];
    for (let n = 0; n < BURST + 2; n += 1) answers.push(await from('203.0.113.1', '/v1/closed'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(asked).toHaveLength(BURST);
    const refused = answers.at(-1) as Response;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ code: 'rate-limited', status: 429 });
  });

  it('is one for each address, and none for supervisors', async () => {
    for (let n = 0; n < BURST; n += 1) await from('203.0.113.2', '/v1/closed');
    expect((await from('203.0.113.2', '/livez')).status).toBe(200);
    expect((await from('203.0.113.2', '/v1/closed')).status).toBe(429);
    expect((await from('203.0.113.3', '/v1/closed')).status).toBe(200);
  });

  it('is for the route itself to keep where repeats pass', async () => {
    const answers: unknown[] = [];
    for (let n = 0; n < BURST + 1; n += 1) answers.push(await (await from('203.0.113.4', '/v1/signed', 'POST')).json());
    expect(answers).toEqual([{ beyond: false }, { beyond: false }, { beyond: false }, { beyond: true }]);
  });

  it('is described at every route but those of supervisors', () => {
    const document = { paths: { '/livez': { get: { responses: {} } }, '/v1/closed': { get: { responses: { 200: {} } } } } };
    describeLimits(document);
    expect(Object.keys(document.paths['/v1/closed'].get.responses)).toEqual(['200', '429']);
    expect(document.paths['/livez'].get.responses).toEqual({});
  });
});
