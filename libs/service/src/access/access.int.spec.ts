import type { Role } from '@muster/contracts';
import { roles } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import { Controller, Delete, Get, Module, Post, Req, type Type } from '@nestjs/common';
import { commonConfig } from '../config/common-config.js';
import { defineConfig } from '../config/setting.js';
import type { HttpRequest } from '../http/http-message.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import { type RunningService, startService } from '../run/start-service.js';
import { AccessModule } from './access.module.js';
import { actorOf, callerOf } from './caller.js';
import { describeAccess } from './describe-access.js';
import { Roles } from './roles.decorator.js';
import { bootstrapIdentifier, firstToKnow, hashOfToken, type Identification } from './token-identifier.js';

const tokenOf = (name: string): string => `a-token-of-the-${name}-0123456789`;

const identifications: Readonly<Record<string, Identification>> = {
  ...Object.fromEntries(roles.map((role): [string, Identification] => [hashOfToken(tokenOf(role)), { status: 'known', tokenId: `id-of-${role}`, role, expiresAtMs: null }])),
  [hashOfToken(tokenOf('past'))]: { status: 'known', tokenId: 'id-of-past', role: 'admin', expiresAtMs: 1 },
  [hashOfToken(tokenOf('revoked'))]: { status: 'revoked' },
};

@Controller('v1/things')
class ThingsController {
  @Get()
  @Roles('viewer')
  list(@Req() request: HttpRequest): object {
    return callerOf(request);
  }

  @Post(':thing/acts')
  @Roles('operator')
  act(@Req() request: HttpRequest): object {
    return { actor: actorOf(request) };
  }

  @Get('all')
  @Roles('auditor')
  all(): object {
    return {};
  }

  @Delete(':thing')
  @Roles('admin')
  remove(): object {
    return {};
  }

  @Get('open')
  @OpenRoute()
  open(@Req() request: HttpRequest): object {
    return callerOf(request);
  }
}

const access = (identify = (hash: string): Promise<Identification> => Promise.resolve(identifications[hash] ?? { status: 'unknown' })) =>
  AccessModule.forRoot({ useFactory: () => firstToKnow(bootstrapIdentifier(hashOfToken(tokenOf('bootstrap'))), { identify }) });

@Module({ imports: [access()], controllers: [ThingsController] })
class GuardedModule {}

@Controller('v1/forgotten')
class ForgottenController {
  @Get(':thing')
  read(): object {
    return {};
  }
}

@Module({ imports: [access()], controllers: [ThingsController, ForgottenController] })
class ForgetfulModule {}

@Module({ controllers: [ThingsController] })
class UnguardedModule {}

const lines: string[] = [];
const start = (module: Type, address = '127.0.0.1'): Promise<RunningService> =>
  startService({
    name: 'gateway',
    config: defineConfig(commonConfig),
    module,
    env: { MUSTER_HTTP_PORT: '0', MUSTER_HTTP_ADDRESS: address, MUSTER_NATS_URL: 'nats://127.0.0.1:1' },
    logDestination: { write: (line) => void lines.push(line) },
  });

describe('an app', () => {
  it('does not start with a route that nobody decided about', async () => {
    await expect(start(ForgetfulModule)).rejects.toThrow('neither @Roles(…) nor @OpenRoute(): GET /v1/forgotten/:thing (ForgottenController.read)');
  });

  it('does not start with closed routes and nothing that asks for tokens', async () => {
    await expect(start(UnguardedModule)).rejects.toThrow('no AccessModule asks for one: ThingsController.list, ');
  });
});

describe('a guarded app', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await start(GuardedModule);
  });
  afterAll(() => service.stop());

  const ask = async (method: string, path: string, token?: string) => {
    const response = await fetch(`${service.url}${path}`, { method, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, challenge: response.headers.get('www-authenticate') };
  };

  /** The whole matrix: what each route names, and who may. */
  const matrix: readonly (readonly [method: string, path: string, allowed: readonly Role[]])[] = [
    ['GET', '/v1/things', ['viewer', 'operator', 'auditor', 'admin']],
    ['POST', '/v1/things/a/acts', ['operator', 'admin']],
    ['GET', '/v1/things/all', ['auditor', 'admin']],
    ['DELETE', '/v1/things/a', ['admin']],
  ];

  it.each(matrix.flatMap(([method, path, allowed]) => roles.map((role) => [method, path, role, allowed.includes(role)] as const)))('%s %s as %s: %s', async (method, path, role, allowed) => {
    const { status, body } = await ask(method, path, tokenOf(role));
    if (allowed) expect(status).toBeLessThan(300);
    else expect([status, body.code, body.role]).toEqual([403, 'forbidden', role]);
  });

  it('says which role it would take', async () => {
    expect((await ask('POST', '/v1/things/a/acts', tokenOf('viewer'))).body).toMatchObject({ detail: "This takes the role operator; the token's is viewer.", requiredRole: 'operator' });
  });

  it.each([
    ['none', undefined, 'Send an access token'],
    ['an unknown one', 'x'.repeat(30), 'not one of this deployment'],
    ['a short one', 'short', 'Send an access token'],
    ['a very long one', 'x'.repeat(200), 'Send an access token'],
    ['one past its end', tokenOf('past'), 'ended at 1970-01-01T00:00:00.001Z'],
    ['a revoked one', tokenOf('revoked'), 'revoked'],
  ])('asks for a token when there is %s', async (_what, token, detail) => {
    const { status, body, challenge } = await ask('GET', '/v1/things', token);
    expect([status, body.code, challenge]).toEqual([401, 'unauthorized', 'Bearer']);
    expect(body.detail).toContain(detail);
  });

  it('tells its controllers who asks, for the ledger', async () => {
    expect((await ask('GET', '/v1/things', tokenOf('viewer'))).body).toEqual({ tokenId: 'id-of-viewer', role: 'viewer' });
    expect((await ask('POST', '/v1/things/a/acts', tokenOf('operator'))).body).toEqual({ actor: 'operator:id-of-operator' });
    const { body } = await ask('POST', '/v1/things/a/acts', tokenOf('bootstrap'));
    expect(body).toEqual({ actor: `operator:${hashOfToken(tokenOf('bootstrap')).slice(0, 12)}` });
  });

  it('asks nobody who they are at an open route', async () => {
    expect((await ask('GET', '/v1/things/open', tokenOf('admin'))).status).toBe(500);
    expect(lines.join('')).toContain('nobody was asked for a token here');
  });

  it('closes the measurements, and lets supervisors ask', async () => {
    const statuses = await Promise.all(['/livez', '/readyz', '/metrics'].map(async (path) => (await fetch(`${service.url}${path}`)).status));
    expect(statuses).toEqual([200, 503, 401]);
    expect((await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${tokenOf('viewer')}` } })).status).toBe(200);
  });

  it('writes into the OpenAPI document what it does', () => {
    const described = { responses: { 200: { description: 'yes' }, 403: { description: '`wrong`: x' } }, security: [{ other: [] }] };
    const document = { paths: { '/v1/things': { get: structuredClone(described) }, '/v1/things/{thing}': { delete: structuredClone(described) }, '/v1/things/open': { get: structuredClone(described) } } };
    describeAccess(service.app, document);
    expect(document.paths['/v1/things'].get).toMatchObject({ security: [{ bearer: [] }], 'x-muster-roles': roles, responses: { 401: {}, 403: { description: expect.stringContaining('`wrong`: x') as string } } });
    expect(document.paths['/v1/things/{thing}'].delete).toMatchObject({ 'x-muster-roles': ['admin'] });
    expect(document.paths['/v1/things/open'].get).toEqual({ responses: described.responses });
  });
});

describe('a guarded app that cannot tell now', () => {
  @Module({ imports: [access(() => Promise.reject(new Problem('unavailable', 'The ledger cannot be asked.')))], controllers: [ThingsController] })
  class CutOffModule {}

  it('says so, and still knows the token that it was started with', async () => {
    const service = await start(CutOffModule);
    const statusFor = async (token: string) => (await fetch(`${service.url}/v1/things`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await statusFor(tokenOf('viewer')), await statusFor(tokenOf('bootstrap'))]).toEqual([503, 200]);
    await service.stop();
  });
});
