import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ActivationRequestPayload, ReleaseRequestPayload, RenewalRequestPayload } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, systemClock, systemDraws, toInstant, toNumericDate } from '@muster/kernel';
import type { Clock } from '@muster/kernel';
import type { DevelopmentVendor } from '@muster/trust';
import { digestOf, signLease, signReceipt, verifyActivationRequest, verifyReleaseRequest, verifyRenewalRequest } from '@muster/trust';
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
export interface FakeHost extends Transport {
  readonly received: readonly Received[];
  /** The moods of the next requests; then it grants. */
  readonly moods: Mood[];
  /** Whoever signs from now on. */
  vendor: DevelopmentVendor;
}

const verifyOf = { activation: verifyActivationRequest, renewal: verifyRenewalRequest, release: verifyReleaseRequest } as const;
const RETRY_SECONDS = 7200;

export const fakeHost = (firstVendor: DevelopmentVendor, { clock = systemClock, product = 'acme.workstation' }: { readonly clock?: Clock; readonly product?: string } = {}): FakeHost => {
  const received: Received[] = [];
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
    moods,
    vendor: firstVendor,
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

/** The host over HTTP, on loopback. */
export const listen = async (host: FakeHost): Promise<{ readonly url: HostAddress; readonly close: () => Promise<void> }> => {
  const server: Server = createServer((request, response) => {
    const [, , things = '', leaseId = null, act] = (request.url ?? '').split('/');
    const kind = things === 'activations' ? 'activation' : act === 'renewals' ? 'renewal' : 'release';
    const serve = async (): Promise<void> => {
      if (request.method === 'GET') return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ list: null, sequence: 0 }));
      const reply = await host.send('', { kind, leaseId, jws: await text(request) });
      if (reply.type === 'unreachable') return void request.socket.destroy();
      if (reply.type === 'answer') return void response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
      const { problem, retryAfterSeconds } = reply;
      response.writeHead(problem.status, { 'content-type': 'application/problem+json', ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }) });
      response.end(JSON.stringify({ type: `/problems/${problem.code}`, title: problem.code, ...problem }));
    };
    void serve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
