import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { aTlsCertificate } from '@muster/testing';
import { fetchTrusting, type HostTrust } from './trusting-fetch.js';

const { certificate, key } = aTlsCertificate(['host.example', '127.0.0.1'], Date.now());
const { certificate: unnamed, key: unnamedKey } = aTlsCertificate(['host.example'], Date.now());
const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256;

describe('a host over TLS', () => {
  const heard: string[] = [];
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  const serve = async (cert: string, serverKey: string): Promise<string> => {
    const server = createServer({ cert, key: serverKey }, (request, response) => {
      heard.push(request.headers.authorization ?? 'nobody');
      if (request.url === '/moved') return void response.writeHead(302, { location: 'https://elsewhere.example/', connection: 'close' }).end();
      response.writeHead(201, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ method: request.method }));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const ask = (url: string, trust: HostTrust | undefined, path = '/'): Promise<Response> =>
    fetchTrusting(`${url}${path}`, { method: 'POST', headers: { authorization: 'Bearer token' }, body: '{}', signal: AbortSignal.timeout(5000) }, trust);

  it('is known by the certificates of its CA', async () => {
    const response = await ask(await serve(certificate, key), { ca: certificate });
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([201, 'application/json', { method: 'POST' }]);
  });

  it('is known by its own certificate, whatever that names', async () => {
    expect((await ask(await serve(unnamed, unnamedKey), { fingerprint: fingerprintOf(unnamed) })).status).toBe(201);
  });

  it.each([
    ['nobody vouches for it', undefined],
    ['another CA does', { ca: unnamed }],
    ['it shows another certificate than it was started with', { fingerprint: fingerprintOf(unnamed) }],
  ])('is told nothing when %s', async (_what, trust) => {
    const url = await serve(certificate, key);
    heard.length = 0;
    await expect(ask(url, trust)).rejects.toThrow();
    expect(heard).toEqual([]);
  });

  it('is not followed elsewhere', async () => {
    await expect(ask(await serve(certificate, key), { ca: certificate }, '/moved')).rejects.toThrow('redirected');
  });
});
