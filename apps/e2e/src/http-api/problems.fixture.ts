import { ACTIVATION_REQUEST_BYTES_MAX, SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import { aMachine } from '@muster/testing';
import { SERVER, signWish, WORKSTATION } from '../fleet/wish.js';
import type { Answer, Call, HostApi } from '../host/host-api.js';
import { activationOf, problemOf } from '../host/host-api.js';

const machine = aMachine('http-api');
const other = aMachine('http-api-other');
const header = { alg: SIGNATURE_ALGORITHM, typ: tokenTypes.activationRequest, jwk: machine.key.publicJwk };
const now = (): number => toNumericDate(systemClock.nowMs());
const payload = () => ({ jti: crypto.randomUUID(), iat: now(), product: WORKSTATION, machine: { hostname: 'ws', virtual: false } });
const jose = { 'content-type': 'application/jose' };

const wish = async (overrides: Parameters<typeof signWish>[2] = {}): Promise<string> => (await signWish(machine, { product: WORKSTATION }, overrides)).jws;

const padded = async (bytes: number): Promise<string> => {
  const jws = await wish();
  return jws + 'A'.repeat(bytes - jws.length);
};

type Bad = readonly [what: string, body: () => string | Promise<string>];

const malformed: readonly Bad[] = [
  ['nothing', () => ''],
  ['no JWS', () => 'hello'],
  ['a JWS with JSON around it', async () => JSON.stringify({ request: await wish() })],
  ['no algorithm', () => machine.signLoosely({ header: { ...header, alg: 'none' }, payload: payload() })],
  ['another algorithm', () => machine.signLoosely({ header: { ...header, alg: 'HS256' }, payload: payload() })],
  ["another kind of token's type", () => machine.signLoosely({ header: { ...header, typ: tokenTypes.lease }, payload: payload() })],
  ['more than a public key', () => machine.signLoosely({ header: { ...header, jwk: { ...header.jwk, kid: 'x' } }, payload: payload() })],
  ['a critical extension', () => machine.signLoosely({ header: { ...header, crit: ['b64'], b64: false }, payload: payload() })],
  ['a key elsewhere', () => machine.signLoosely({ header: { ...header, jku: 'https://example.test/keys' }, payload: payload() })],
  ['an unknown member', () => machine.signLoosely({ payload: { ...payload(), colour: 'red' } })],
  ['no request id', () => machine.signLoosely({ payload: { ...payload(), jti: undefined } })],
  ['a request id that is no UUID', () => machine.signLoosely({ payload: { ...payload(), jti: '1' } })],
  ['no time', () => machine.signLoosely({ payload: { ...payload(), iat: undefined } })],
  ['a machine without a name', () => machine.signLoosely({ payload: { ...payload(), machine: { hostname: '', virtual: false } } })],
  ['a payload that is not JSON', () => machine.signLoosely({ payload: '{' })],
];

interface Refused {
  readonly what: string;
  readonly code: string;
  readonly status: number;
  readonly path?: string;
  readonly call: () => Call | Promise<Call>;
  readonly check?: (answer: Answer) => void;
}

const posted = (body: () => string | Promise<string>, headers: Readonly<Record<string, string>> = jose) => async (): Promise<Call> => ({ method: 'POST', headers, body: await body() });

const refused: readonly Refused[] = [
  ...malformed.map(([what, body]) => ({ what, code: 'malformed-request', status: 400, call: posted(body) })),
  {
    what: "a request under another machine's key",
    code: 'signature-invalid',
    status: 403,
    call: posted(() => machine.signLoosely({ header: { ...header, jwk: other.key.publicJwk }, payload: payload() })),
  },
  {
    what: 'a request with one byte of its signature changed',
    code: 'signature-invalid',
    status: 403,
    call: posted(async () => (await wish()).replace(/\.(.)([^.]*)$/, (_, first: string, rest: string) => `.${first === 'A' ? 'B' : 'A'}${rest}`)),
  },
  ...[-301, 310].map((seconds) => ({
    what: `a request of ${seconds} s from now`,
    code: 'request-not-fresh',
    status: 400,
    call: posted(() => wish({ iat: now() + seconds })),
    // What a machine with a wrong clock sets it by.
    check: ({ text }: Answer) => expect(Math.abs(Date.parse((JSON.parse(text) as { serverTime: string }).serverTime) - systemClock.nowMs())).toBeLessThan(10_000),
  })),
  { what: 'an unknown product', code: 'unknown-product', status: 404, call: posted(() => wish({ product: 'acme.toaster' })) },
  { what: 'a request for another host', code: 'wrong-host', status: 421, call: posted(() => wish({ aud: other.id })) },
  { what: 'as many bytes as a request may have, the last ones no signature', code: 'signature-invalid', status: 403, call: posted(() => padded(ACTIVATION_REQUEST_BYTES_MAX)) },
  { what: 'one byte more than a request may have', code: 'request-too-large', status: 413, call: posted(() => padded(ACTIVATION_REQUEST_BYTES_MAX + 1)) },
  { what: 'a request as JSON', code: 'unsupported-media-type', status: 415, call: posted(wish, { 'content-type': 'application/json' }) },
  { what: 'a request as text', code: 'unsupported-media-type', status: 415, call: posted(wish, {}) },
  { what: 'a path that is not there', code: 'not-found', status: 404, path: '/v1/nothing', call: () => ({}) },
  {
    what: 'a method that a path does not take',
    code: 'method-not-allowed',
    status: 405,
    call: () => ({ method: 'DELETE' }),
    check: ({ headers }) => expect(headers.get('allow')).toContain('POST'),
  },
];

const misasked: readonly (readonly [path: string, code: string, status: number])[] = [
  ['/v1/pools/acme/count?asOf=yesterday', 'invalid-as-of', 400],
  ['/v1/pools/acme/count?asOf=999999', 'invalid-as-of', 400],
  ['/v1/pools/acme/count?asOf=2999-01-01T00:00:00Z', 'invalid-as-of', 400],
  ['/v1/pools/nowhere/count', 'not-found', 404],
  ['/v1/events?limit=0', 'malformed-request', 400],
  ['/v1/events?limit=501', 'malformed-request', 400],
  ['/v1/events?after=-1', 'malformed-request', 400],
  ['/v1/events?type=Nonsense', 'malformed-request', 400],
  ['/v1/events?colour=red', 'malformed-request', 400],
];

const expectProblem = (answer: Answer, code: string, status: number): void => {
  expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
  const problem = problemOf(answer);
  expect(problem.type).toBe(`/problems/${code}`);
  expect(problem.title).not.toBe('');
  expect(problem.detail).not.toBe('');
  expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
};

/** Each reason has its own problem document, and none of them moves the ledger. */
export const describeProblems = (api: () => HostApi): void => {
  describe('a request that cannot be', () => {
    it.each(refused)('is told why, and records nothing: $what', async ({ code, status, path = '/v1/activations', call, check }) => {
      const head = await api().head();
      const answer = await api().call(path, await call());
      expectProblem(answer, code, status);
      check?.(answer);
      expect(await api().head()).toBe(head);
    });

    it.each(misasked)('is told why when the operator asks it: %s', async (path, code, status) => {
      expectProblem(await api().operatorCall(path), code, status);
    });

    it('is a conflict under an id that was used with other content, and records nothing', async () => {
      const first = await signWish(other, { product: WORKSTATION });
      const answer = await api().activate(first.jws);
      const head = await api().head();
      for (const wish of [{ product: SERVER }, { product: WORKSTATION, virtual: true }]) {
        expectProblem(await api().postRequest((await signWish(other, wish, { jti: first.jti })).jws), 'request-id-conflict', 409);
      }
      expect(await api().activate(first.jws)).toEqual(answer);
      expect(await api().head()).toBe(head);
    });

    it('is no conflict when only the moment and the host name changed, however old it is', async () => {
      const first = await signWish(other, { product: WORKSTATION });
      const answer = await api().postRequest(first.jws);
      activationOf(answer);
      const again = await signWish(other, first, { jti: first.jti, iat: 1_000, machine: { hostname: 'renamed', virtual: false } });
      expect((await api().postRequest(again.jws)).text).toBe(answer.text);
    });
  });
};
