import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { aTlsCertificate } from '@muster/testing';
import { httpTransport } from './http-transport.js';
import type { WireReply } from './ports.js';

describe('requests over HTTP', () => {
  let server: Server;
  let answer: RequestListener;
  let paths: (string | undefined)[];

  beforeEach(async () => {
    paths = [];
    server = createServer((request, response) => {
      paths.push(request.url);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (timeoutMs = 5000): Promise<WireReply> => httpTransport({ timeoutMs }).send(url(), { kind: 'activation', leaseId: null, jws: 'a.b.c' });
  const respond = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): void => {
    answer = (_request, response) => void response.writeHead(status, headers).end(body);
  };
  const problem = JSON.stringify({ type: '/problems/x', title: 'x', status: 404, detail: 'nothing', code: 'unknown-product' });

  it('go to the resource of their kind', async () => {
    respond(201, '{}');
    for (const kind of ['activation', 'renewal', 'release'] as const) await httpTransport().send(url(), { kind, leaseId: 'l1', jws: 'a.b.c' });
    expect(paths).toEqual(['/v1/activations', '/v1/leases/l1/renewals', '/v1/leases/l1/releases']);
  });

  it('go to the authority, or to a host, with what else there is to ask', async () => {
    respond(200, '{}');
    const { exchange } = httpTransport();
    await exchange(url(), { type: 'machine-activation', key: 'M', request: 'a.b.c' });
    await exchange(url(), { type: 'installation-request', request: 'a.b.c', hostname: 'ws-01' });
    expect(await exchange(url(), { type: 'revocations' })).toEqual({ type: 'answer', body: {} });
    expect(paths).toEqual(['/v1/machine-activations', '/v1/installation-requests', '/v1/revocations']);
  });

  it('give the body of success, and the problem of a refusal', async () => {
    respond(201, '{"outcome":"granted"}');
    expect(await send()).toEqual({ type: 'answer', body: { outcome: 'granted' } });
    respond(404, problem);
    expect(await send()).toMatchObject({ type: 'problem', problem: { code: 'unknown-product', status: 404 }, retryAfterSeconds: null });
  });

  it.each([
    ['120', 120],
    ['Sun, 06 Nov 1994 08:51:37 GMT', 120],
    ['soon', null],
  ])('read Retry-After: %s', async (value, seconds) => {
    respond(503, '<html>', { 'retry-after': value, date: 'Sun, 06 Nov 1994 08:49:37 GMT' });
    expect(await send()).toMatchObject({ type: 'problem', problem: { code: 'unavailable' }, retryAfterSeconds: seconds });
  });

  it.each([
    ['a portal that refuses', 403, '<html>pay first</html>'],
    ['a proxy that knows nothing', 404, ''],
    ['a page in place of an answer', 200, '<html>welcome</html>'],
    ['an answer without end', 200, `"${'x'.repeat(300_000)}"`],
  ])('take %s for no answer at all', async (_what, status, body) => {
    respond(status, body);
    expect((await send()).type).toBe('unreachable');
  });

  it('follow nobody elsewhere', async () => {
    respond(302, '', { location: 'http://127.0.0.1:9/' });
    expect((await send()).type).toBe('unreachable');
  });

  it('give up on a host that does not answer, and on one that is not there', async () => {
    answer = () => undefined;
    expect(await send(50)).toEqual({ type: 'unreachable', detail: 'no answer in time' });
    expect(await httpTransport().send('http://127.0.0.1:1', { kind: 'activation', leaseId: null, jws: 'a.b.c' })).toMatchObject({ type: 'unreachable' });
  });

  it('connect where the name is known to stand, under its name', async () => {
    let named: string | undefined;
    answer = (request, response) => {
      named = request.headers.host;
      response.end('{}');
    };
    const { port } = server.address() as AddressInfo;
    const { exchange } = httpTransport({ addressesOf: (hostname) => (hostname === 'host.example' ? ['127.0.0.1'] : undefined) });
    expect(await exchange(`http://host.example:${port}`, { type: 'revocations' })).toEqual({ type: 'answer', body: {} });
    expect(named).toBe(`host.example:${port}`);
    // The first address is dead; the second one answers.
    const { exchange: second } = httpTransport({ addressesOf: () => ['127.0.0.9', '127.0.0.1'] });
    expect((await second(`http://host.example:${port}`, { type: 'revocations' })).type).toBe('answer');
  });

  it('bring a key where the system says, whatever DNS said of a host of that name', async () => {
    respond(200, '{}');
    const elsewhere = createServer((_request, response) => void response.end('{}'));
    await new Promise<void>((resolve) => elsewhere.listen((server.address() as AddressInfo).port, '127.0.0.9', resolve));
    const told: (string | undefined)[] = [];
    elsewhere.on('request', ({ url: path }) => told.push(path));
    const { exchange } = httpTransport({ addressesOf: () => ['127.0.0.9'] });
    const address = url().replace('127.0.0.1', 'localhost');
    try {
      await exchange(address, { type: 'host-proof', nonce: 'n' }); // and leaves a connection behind
      await exchange(address, { type: 'machine-activation', key: 'M', request: 'a.b.c' });
      expect([told, paths]).toEqual([['/v1/host-proofs'], ['/v1/machine-activations']]);
    } finally {
      elsewhere.closeAllConnections();
      await new Promise((resolve) => elsewhere.close(resolve));
    }
  });

  it('come to an end where the connection is turned into something else', async () => {
    answer = ({ socket }) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: rogue\r\n\r\n');
    expect(await send(500)).toEqual({ type: 'unreachable', detail: 'it ended the connection without an answer' });
  });

  it('check the certificate for the name, wherever it stands', async () => {
    const { certificate, key } = aTlsCertificate(['host.example'], Date.now());
    const tls = createTlsServer({ cert: certificate, key }, (_request, response) => void response.end('{}'));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as AddressInfo;
    const ask = (name: string, ca?: string): Promise<WireReply> => httpTransport({ addressesOf: () => ['127.0.0.1'], ca }).exchange(`https://${name}:${port}`, { type: 'host-proof', nonce: 'n' });
    try {
      expect(await ask('host.example', certificate)).toEqual({ type: 'answer', body: {} });
      expect(await ask('other.example', certificate)).toEqual({ type: 'unreachable', detail: 'ERR_TLS_CERT_ALTNAME_INVALID', certificate: true });
      expect(await ask('host.example')).toEqual({ type: 'unreachable', detail: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/) as string, certificate: true });
    } finally {
      tls.closeAllConnections();
      await new Promise((resolve) => tls.close(resolve));
    }
  });
});
