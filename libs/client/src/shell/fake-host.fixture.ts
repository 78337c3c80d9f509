import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ActivationRequestPayload, ReleaseRequestPayload, RenewalRequestPayload } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, systemClock, systemDraws, toInstant, toNumericDate } from '@muster/kernel';
import type { Clock } from '@muster/kernel';
import type { DevelopmentVendor } from '@muster/trust';
import { digestOf, signHostProof, signLease, signReceipt, verifyActivationRequest, verifyReleaseRequest, verifyRenewalRequest } from '@muster/trust';
import type { HostAddress } from '../core/outcome.js';
import type { Transport, WireReply, WireRequest } from './ports.js';

/** How the host answers the next request; `hang up` decides it and loses the answer. */
export type Mood = 'grant' | 'defer' | 'busy' | 'hang up' | { readonly refuse: string; readonly status?: number };

export interface Received {
  readonly kind: WireRequest['kind'];
  readonly machine: string;
  readonly payload: ActivationRequestPayload | RenewalRequestPayload | ReleaseRequestPayload;
  readonly issued: string | undefined;
}

/** A host in small: it verifies what it is sent, answers under one id the same, signs like the real one, and is in the mood that the test wants. */
export interface FakeHost extends Required<Transport> {
  readonly received: readonly Received[];
  /** The nonces that it proved itself by. */
  readonly proofs: readonly string[];
  /** The moods of the next requests; then it grants. */
  readonly moods: Mood[];
  /** Whoever signs from now on. */
  vendor: DevelopmentVendor;
}

const verifyOf = { activation: verifyActivationRequest, renewal: verifyRenewalRequest, release: verifyReleaseRequest } as const;
const RETRY_SECONDS = 7200;

export const fakeHost = (firstVendor: DevelopmentVendor, { clock = systemClock, product = 'acme.workstation' }: { readonly clock?: Clock; readonly product?: string } = {}): FakeHost => {
  const received: Received[] = [];
  const proofs: string[] = [];
  const moods: Mood[] = [];
  const decided = new Map<string, WireReply>();

  const problem = (code: string, status: number, retryAfterSeconds: number | null = null): WireReply => ({ type: 'problem', problem: { code, status, detail: code }, retryAfterSeconds });

  const decide = async ({ kind }: WireRequest, mood: Mood, { machine, jti }: { readonly machine: string; readonly jti: string }): Promise<{ readonly reply: WireReply; readonly issued?: string }> => {
    const { hostKey, certificate } = host.vendor;
    const iat = toNumericDate(clock.nowMs());
    const claims = { iss: hostKey.id, sub: machine, aud: product, iat, count: 25, threshold: 25, position: 3, head: digestOf('head'), chain: [certificate.jws] };
    if (kind === 'release') return { reply: { type: 'answer', body: { outcome: 'released', leaseId: systemDraws.uuid(), releasedAt: toInstant(iat * SECOND_MS) } } };
    const renewal = kind === 'renewal';
    if (mood === 'defer') {
      const outcome = renewal ? 'renewal-deferred' : 'deferred';
      const receipt = await signReceipt({ ...claims, jti, count: 7, outcome }, hostKey);
      return { reply: { type: 'answer', body: { outcome, count: 7, threshold: 25, retryAfterSeconds: RETRY_SECONDS, retryAt: toInstant((iat + RETRY_SECONDS) * SECOND_MS), receipt } } };
    }
    const leaseId = systemDraws.uuid();
    const exp = iat + 180 * DAY_SECONDS;
    const lease = await signLease({ ...claims, jti: leaseId, exp, cnf: { jkt: machine } }, hostKey);
    const at = (seconds: number): string => toInstant((iat + seconds) * SECOND_MS);
    const [opens, closes] = [6 * DAY_SECONDS, 7 * DAY_SECONDS];
    const renewalWindow = { opensAfterSeconds: opens, closesAfterSeconds: closes, opensAt: at(opens), closesAt: at(closes) };
    const times = { issuedAt: at(0), expiresAt: toInstant(exp * SECOND_MS), renewAfterSeconds: closes, renewAt: at(closes), renewalWindow, retryAfterSeconds: RETRY_SECONDS, retryAt: at(RETRY_SECONDS) };
    return { reply: { type: 'answer', body: { outcome: renewal ? 'renewed' : 'granted', leaseId, lease, count: 25, threshold: 25, ...times } }, issued: leaseId };
  };

  const host: FakeHost = {
    received,
    proofs,
    moods,
    vendor: firstVendor,
    exchange: async (_address, exchange) => {
      if (exchange.type === 'revocations') return { type: 'answer', body: { list: null, sequence: 0 } };
      if (exchange.type !== 'host-proof') return problem('not-found', 404);
      proofs.push(exchange.nonce);
      const { hostKey, certificate } = host.vendor;
      const claims = { iss: hostKey.id, iat: toNumericDate(clock.nowMs()), nonce: exchange.nonce, chain: [certificate.jws] };
      return { type: 'answer', body: { proof: await signHostProof(claims, hostKey) } };
    },
    send: async (_address, request) => {
      const { machine, payload } = await verifyOf[request.kind](request.jws);
      const mood = moods.shift() ?? 'grant';
      const key = `${machine} ${payload.jti}`;
      const before = decided.get(key);
      const open = mood === 'busy' || typeof mood === 'object';
      const fresh = before === undefined && !open ? await decide(request, mood, { machine, jti: payload.jti }) : undefined;
      if (fresh !== undefined) decided.set(key, fresh.reply);
      received.push({ kind: request.kind, machine, payload, issued: fresh?.issued });
      if (mood === 'hang up') return { type: 'unreachable', detail: 'ECONNRESET' };
      if (mood === 'busy') return problem('unavailable', 503, 3600);
      if (typeof mood === 'object') return problem(mood.refuse, mood.status ?? 409);
      return before ?? fresh?.reply ?? problem('internal', 500);
    },
  };
  return host;
};

/** One request as it came over the wire. */
export interface WireBytes {
  readonly path: string;
  readonly headers: string;
  readonly body: string;
}

export interface ListeningHost {
  readonly url: HostAddress;
  readonly port: number;
  /** Everything that it was ever sent. */
  readonly heard: readonly WireBytes[];
  readonly close: () => Promise<void>;
}

/** The host over HTTP, on loopback. */
export const listen = async (host: FakeHost): Promise<ListeningHost> => {
  const heard: WireBytes[] = [];
  const server: Server = createServer((request, response) => {
    const { url = '', method, rawHeaders } = request;
    const [, , things = '', leaseId = null, act] = url.split('/');
    const kind = things === 'activations' ? 'activation' : act === 'renewals' ? 'renewal' : 'release';
    const serve = async (): Promise<void> => {
      const body = await text(request);
      heard.push({ path: url, headers: rawHeaders.join('\n'), body });
      const answer = (): Promise<WireReply> => {
        if (method === 'GET') return host.exchange('', { type: 'revocations' });
        if (things === 'host-proofs') return host.exchange('', { type: 'host-proof', nonce: (JSON.parse(body) as { readonly nonce: string }).nonce });
        return host.send('', { kind, leaseId, jws: body });
      };
      const reply = await answer();
      if (reply.type === 'unreachable') return void request.socket.destroy();
      if (reply.type === 'answer') return void response.writeHead(method === 'GET' ? 200 : 201, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
      const { problem, retryAfterSeconds } = reply;
      response.writeHead(problem.status, { 'content-type': 'application/problem+json', ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }) });
      response.end(JSON.stringify({ type: `/problems/${problem.code}`, title: problem.code, ...problem }));
    };
    void serve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
