import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { aTlsCertificate } from '@muster/testing';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { Roles } from '../access/roles.decorator.js';
import { bootstrapIdentifier, hashOfToken } from '../access/token-identifier.js';
import { commonConfig } from '../config/common-config.js';
import { defineConfig } from '../config/setting.js';
import { type RunningService, startService } from '../run/start-service.js';
import type { HttpRequest } from './http-message.js';
import { OpenRoute } from './open-route.decorator.js';

const TOKEN = 'the-token-of-an-administrator-0123456789';
const ELSEWHERE = '203.0.113.7';

@Controller('v1')
class WhoController {
  @Get('open')
  @OpenRoute()
  open(@Req() { ip, protocol }: HttpRequest): object {
    return { ip, protocol };
  }

  @Get('closed')
  @Roles('viewer')
  closed(@Req() { ip, protocol }: HttpRequest): object {
    return { ip, protocol };
  }
}

@Module({ imports: [AccessModule.forRoot({ useFactory: () => bootstrapIdentifier(hashOfToken(TOKEN)) })], controllers: [WhoController] })
class WhoModule {}

const lines: string[] = [];
const start = (env: Readonly<Record<string, string>>): Promise<RunningService> =>
  startService({ name: 'gateway', config: defineConfig(commonConfig), module: WhoModule, env: { MUSTER_HTTP_PORT: '0', MUSTER_NATS_URL: 'nats://127.0.0.1:1', ...env }, logDestination: { write: (line) => void lines.push(line) } });

const running: RunningService[] = [];
const started = async (env: Readonly<Record<string, string>>): Promise<RunningService> => {
  const service = await start(env);
  running.push(service);
  return service;
};
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
});

const ask = async ({ url }: RunningService, path: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const forwarded = (proto: 'http' | 'https') => ({ 'x-forwarded-for': ELSEWHERE, 'x-forwarded-proto': proto });

describe('a client behind a proxy', () => {
  it('is whom the connection comes from, whatever its headers say, unless a proxy is trusted', async () => {
    const service = await started({});
    expect((await ask(service, '/v1/open', forwarded('https'))).body).toEqual({ ip: '127.0.0.1', protocol: 'http' });
  });

  it('is whom a trusted proxy names', async () => {
    const service = await started({ MUSTER_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' });
    expect((await ask(service, '/v1/open', forwarded('https'))).body).toEqual({ ip: ELSEWHERE, protocol: 'https' });
    // What the client itself put there stands further left, and the proxy is not asked to believe it.
    expect((await ask(service, '/v1/open', { ...forwarded('http'), 'x-forwarded-for': `127.0.0.1, ${ELSEWHERE}` })).body).toEqual({ ip: ELSEWHERE, protocol: 'http' });
  });

  it('administers over TLS alone, as far as the proxy', async () => {
    const service = await started({ MUSTER_TRUSTED_PROXIES: '127.0.0.1' });
    expect((await ask(service, '/v1/closed', forwarded('https'))).status).toBe(200);
    const refused = await ask(service, '/v1/closed', forwarded('http'));
    expect([refused.status, refused.body.code, refused.body.remedy]).toEqual([403, 'forbidden', 'tls']);
    expect((await ask(service, '/v1/open', forwarded('http'))).status).toBe(200);
    expect((await ask(service, '/v1/closed')).status).toBe(200); // the machine itself
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0.0/x', '::1/129'])('is not looked for behind "%s"', async (proxies) => {
    await expect(start({ MUSTER_TRUSTED_PROXIES: proxies })).rejects.toThrow('MUSTER_TRUSTED_PROXIES: must be addresses or networks');
  });
});

describe('a service with a certificate', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const { certificate, key } = aTlsCertificate(['muster.example', '127.0.0.1'], Date.now());
  const other = aTlsCertificate(['muster.example'], Date.now());
  const file = (name: string, content: string): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const certificateFile = file('certificate.pem', certificate);
  const keyFile = file('key.pem', key);

  const askOver = (url: string, options: object = {}): Promise<{ readonly status: number | undefined; readonly body: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}/v1/closed`, { ca: certificate, headers: { authorization: `Bearer ${TOKEN}` }, agent: false, ...options }, (response) => void text(response).then((body) => resolve({ status: response.statusCode, body }), reject));
      sent.once('error', reject);
      sent.end();
    });

  it('speaks TLS and nothing else, in versions that are safe', async () => {
    const { url } = await started({ MUSTER_TLS_CERTIFICATE_FILE: certificateFile, MUSTER_TLS_KEY_FILE: keyFile });
    expect(url).toMatch(/^https:/);
    expect(await askOver(url)).toMatchObject({ status: 200, body: expect.stringContaining('"protocol":"https"') as string });
    await expect(askOver(url, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
    await expect(askOver(url, { ca: other.certificate })).rejects.toThrow();
    await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow();
  });

  it.each([
    ['only the certificate', { MUSTER_TLS_CERTIFICATE_FILE: certificateFile }, 'MUSTER_TLS_KEY: is not set'],
    ['only the key', { MUSTER_TLS_KEY_FILE: keyFile }, 'MUSTER_TLS_CERTIFICATE: is not set'],
    ['the key of another', { MUSTER_TLS_CERTIFICATE_FILE: certificateFile, MUSTER_TLS_KEY: other.key }, 'cannot be used'],
    ['no certificate at all', { MUSTER_TLS_CERTIFICATE: 'nonsense', MUSTER_TLS_KEY_FILE: keyFile }, 'cannot be used'],
  ])('does not start with %s, and says so without the key', async (_what, env, why) => {
    const failure: Error = await start(env as Record<string, string>).then(
      () => new Error('it started'),
      (error: unknown) => error as Error,
    );
    expect(failure.message).toContain(why);
    expect(failure.message).not.toContain('PRIVATE KEY');
  });
});
