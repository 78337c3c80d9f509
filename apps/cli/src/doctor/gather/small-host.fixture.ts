import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { toNumericDate } from '@muster/kernel';
import type { TlsCertificate } from '@muster/testing';
import { type DevelopmentVendor, signHostProof } from '@muster/trust';

/** What answers there; a problem's code where it is text. */
export interface Manners {
  readonly vendor: DevelopmentVendor;
  readonly tls?: TlsCertificate;
  /** How far its clock is off. */
  readonly offsetMs?: number;
  /** It proves itself by an answer to somebody else's question. */
  readonly replays?: string;
  /** A problem in place of a proof. */
  readonly problem?: string;
  /** Anything in place of every answer. */
  readonly page?: string;
  /** What it tells who shows the token, by path. */
  /** Paths behind which a service is away. */
  readonly away?: readonly string[];
  readonly administration?: Readonly<Record<string, object>>;
  readonly readiness?: { readonly status: number; readonly checks: readonly object[] };
}

export const TOKEN = 'muster-token';

export interface SmallHost {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Answers /readyz and /v1/host-proofs as a gateway does, on 127.0.0.1, in the manner that a test wants. */
export const smallHost = async ({ vendor, tls, offsetMs = 0, replays, problem, page, administration = {}, away = [], readiness = { status: 200, checks: [] } }: Manners, nowMs: () => number): Promise<SmallHost> => {
  const proofOf = (nonce: string): Promise<string> =>
    signHostProof({ iss: vendor.hostKey.id, iat: toNumericDate(nowMs() + offsetMs), nonce, chain: [vendor.certificate.jws] }, vendor.hostKey);
  const server = tls === undefined ? createHttpServer() : createHttpsServer({ cert: tls.certificate, key: tls.key });
  server.on('request', (request, response) => {
    const answer = (status: number, body: object): void => void response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
    const respond = async (): Promise<void> => {
      if (page !== undefined) return void response.writeHead(200, { connection: 'close' }).end(page);
      if (request.url === '/readyz') return answer(readiness.status, { status: readiness.status === 200 ? 'ready' : 'not-ready', checks: readiness.checks });
      const told = administration[request.url ?? ''];
      if (away.includes(request.url ?? '')) return answer(503, { type: '/problems/unavailable', title: 'Away', status: 503, detail: 'It is away.', code: 'unavailable' });
      if (told !== undefined) return request.headers.authorization === `Bearer ${TOKEN}` ? answer(200, told) : answer(401, {});
      if (request.url !== '/v1/host-proofs') return answer(404, {});
      const { nonce } = (await json(request)) as { readonly nonce: string };
      if (problem !== undefined) return answer(403, { type: `/problems/${problem}`, title: problem, status: 403, detail: `It is ${problem}.`, code: problem });
      answer(200, { proof: await proofOf(replays ?? nonce) });
    };
    void respond();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};
