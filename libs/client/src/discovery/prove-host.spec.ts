import { createHash } from 'node:crypto';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { aHostCertificate, fixedClock } from '@muster/testing';
import type { DevelopmentVendor } from '@muster/trust';
import { fakeHost, type FakeHost } from '../shell/fake-host.fixture.js';
import type { WireReply } from '../shell/ports.js';
import { proveHost } from './prove-host.js';

const HOST = 'https://host.corp.example';
const YEAR_MS = 366 * DAY_SECONDS * SECOND_MS;

describe('the proof of a host', () => {
  const clock = fixedClock();
  let vendor: DevelopmentVendor;
  let host: FakeHost;
  beforeEach(async () => {
    vendor = await aHostCertificate();
    host = fakeHost(vendor, { clock });
  });

  const prove = (reply?: WireReply, { nowMs = clock.nowMs(), revoked = [] }: { readonly nowMs?: number; readonly revoked?: readonly string[] } = {}) =>
    proveHost(HOST, {
      transport: { ...host, ...(reply === undefined ? {} : { exchange: () => Promise.resolve(reply) }) },
      root: vendor.rootKey.publicJwk,
      revocations: { iss: 'development-vendor', iat: 0, sequence: 1, certificates: [], keys: [...revoked], chain: [] },
      nowMs,
    });
  const problem = (code: string, status: number): WireReply => ({ type: 'problem', problem: { code, status, detail: code }, retryAfterSeconds: null });

  it('is a certified key’s signature of a nonce that nobody could know', async () => {
    expect(await prove()).toMatchObject({ type: 'proved', certified: vendor.hostKey.id });
    await prove();
    const [first = '', second] = host.proofs;
    expect([Buffer.from(first, 'base64url').length, first === second]).toEqual([32, false]);
  });

  it('is not another question’s, another vendor’s, an expired or a revoked host’s, nor a page', async () => {
    const nonce = createHash('sha256').update('another question').digest('base64url');
    const replayed = await host.exchange(HOST, { type: 'host-proof', nonce });
    expect(await prove(replayed)).toMatchObject({ type: 'rogue', why: expect.stringContaining('another question') as string });
    expect((await prove(undefined, { revoked: [vendor.hostKey.id] })).type).toBe('rogue');
    expect((await prove(undefined, { nowMs: clock.nowMs() + 2 * YEAR_MS })).type).toBe('rogue');
    expect((await prove({ type: 'answer', body: { welcome: true } })).type).toBe('rogue');
    host.vendor = await aHostCertificate({}, { seed: 'another vendor' });
    expect((await prove()).type).toBe('rogue');
  });

  it.each([
    ['nothing answers', { type: 'unreachable', detail: 'ECONNREFUSED' }, 'away'],
    ['the TLS certificate is somebody else’s', { type: 'unreachable', detail: 'ERR_TLS_CERT_ALTNAME_INVALID', certificate: true }, 'rogue'],
    ['it is overloaded', problem('rate-limited', 429), 'away'],
    ['it cannot say', problem('unavailable', 503), 'away'],
    ['it is a host that serves nobody now', problem('host-retired', 409), 'away'],
    ['it knows of no proofs', problem('not-found', 404), 'rogue'],
  ] as const)('when %s', async (_what, reply: WireReply, type) => expect((await prove(reply)).type).toBe(type));

  it('is refused in words that do nothing to a terminal, and fill no disk', async () => {
    const detail = `go\u001b[2J\u202e away\r\n${'x'.repeat(100_000)}`;
    const { why } = (await prove({ type: 'problem', problem: { code: 'not-found', status: 404, detail }, retryAfterSeconds: null })) as { readonly why: string };
    expect([why.slice(0, 15), why.length < 301]).toEqual(['go [2J  away xx', true]);
  });

  it('is not asked for over a transport that carries none: then there is none', async () => {
    expect((await proveHost(HOST, { transport: { send: host.send }, root: vendor.rootKey.publicJwk, revocations: undefined, nowMs: clock.nowMs() })).type).toBe('away');
  });
});
