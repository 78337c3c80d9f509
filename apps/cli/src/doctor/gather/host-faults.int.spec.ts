import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { systemClock, toNumericDate } from '@muster/kernel';
import { aHostCertificate, aTlsCertificate, fixedClock } from '@muster/testing';
import type { DevelopmentVendor } from '@muster/trust';
import type { HostTrust } from '../../access/trusting-fetch.js';
import { examineHosts } from '../examine-hosts.js';
import type { HostFacts } from '../facts.js';
import { judgeHosts } from '../judge/judge-hosts.js';
import { examineHost } from './examine-host.js';
import type { HostPlace } from './request-host.js';
import { type Manners, type SmallHost, smallHost } from './small-host.fixture.js';
import { startBudget } from './time-budget.js';

const HOUR_MS = 3_600_000;
const NAME = 'host.test';
/** TLS judges certificates by the time of the machine; theirs are whole seconds. */
const START_MS = toNumericDate(systemClock.nowMs()) * 1000;

describe('doctor asks a real host', () => {
  const clock = fixedClock(START_MS);
  const nowMs = (): number => clock.nowMs();
  let vendor: DevelopmentVendor;
  const hosts: SmallHost[] = [];
  const sockets: Socket[] = [];
  const silent: Server[] = [];

  beforeAll(async () => {
    vendor = await aHostCertificate({}, { nowMs: START_MS });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([...hosts.map((host) => host.close()), ...silent.map((server) => new Promise((resolve) => server.close(resolve)))]);
  });

  const serve = async (manners: Partial<Manners> = {}): Promise<SmallHost> => {
    const host = await smallHost({ vendor, ...manners }, nowMs);
    hosts.push(host);
    return host;
  };
  type Known = Partial<Pick<Parameters<typeof examineHost>[1], 'root' | 'revocations' | 'trust'>>;
  const examine = (place: HostPlace, known: Known = {}): Promise<HostFacts> =>
    examineHost(place, { root: vendor.rootKey.publicJwk, revocations: undefined, trust: undefined, clock, budget: { grant: () => 500 }, ...known });
  const ids = (facts: HostFacts): readonly string[] => judgeHosts([facts], { nowMs: nowMs() }).findings.map(({ id }) => id);
  const over = async (manners: Partial<Manners>, known?: Known): Promise<readonly string[]> => ids(await examine({ address: (await serve(manners)).url, addresses: [] }, known));

  it('which proves itself: nothing is found', async () => {
    const { url } = await serve();
    expect(await examine({ address: url, addresses: [] })).toEqual({
      address: url,
      connection: { outcome: 'answers', detail: '' },
      certificate: null,
      proof: { kind: 'proved', host: vendor.hostKey.id, offsetMs: 500 },
      readiness: { ready: true, remarks: [], down: [] },
    });
    expect(await over({})).toEqual([]);
  });

  it('which turns the connection into something else: it is not waited for', async () => {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined).once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: rogue\r\n\r\n'));
    });
    silent.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect(ids(await examine({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, addresses: [] }))).toEqual(['host-unreachable']);
  });

  describe('over TLS', () => {
    const named = (names: readonly string[], atMs = START_MS) => aTlsCertificate(names, atMs);
    const tls = async (certificate: ReturnType<typeof named>, trust: HostTrust | undefined = { ca: certificate.certificate }): Promise<readonly string[]> => {
      const { port } = await serve({ tls: certificate });
      return ids(await examine({ address: `https://${NAME}:${port}`, addresses: ['127.0.0.1'] }, { trust }));
    };

    it('connects to the address that DNS gave, and reads its certificate', async () => {
      const certificate = named([NAME]);
      const { port } = await serve({ tls: certificate });
      const facts = await examine({ address: `https://${NAME}:${port}`, addresses: ['127.0.0.1'] }, { trust: { ca: certificate.certificate } });
      expect(facts.certificate).toMatchObject({ validFromMs: START_MS - HOUR_MS, validToMs: START_MS + HOUR_MS, names: `DNS:${NAME}`, namesHost: true });
      expect(facts.proof.kind).toBe('proved');
    });

    it.each([
      ['ends within the hour', () => named([NAME]), ['host-certificate-expires']],
      ['has ended', () => named([NAME], START_MS - 2 * HOUR_MS), ['host-certificate-expired']],
      ['does not count yet', () => named([NAME], START_MS + 2 * HOUR_MS), ['host-certificate-expired']],
      ['names another', () => named(['other.test']), ['host-certificate-expires', 'host-certificate-name']],
    ])('whose certificate %s', async (_what, certificate, expected) => expect(await tls(certificate())).toEqual(expected));

    it('whose certificate nobody vouches for; a local host is known by the very one that it was started with', async () => {
      const certificate = named(['other.test']);
      expect(await tls(certificate, { ca: named([NAME]).certificate })).toEqual(['host-certificate-expires', 'host-certificate-name', 'host-certificate-untrusted']);
      expect(await tls(certificate, { fingerprint: new X509Certificate(certificate.certificate).fingerprint256 })).toEqual(['host-certificate-expires']);
    });

    it('that does not speak it', async () => {
      const { port } = await serve();
      expect(ids(await examine({ address: `https://127.0.0.1:${port}`, addresses: [] }))).toEqual(['host-tls-failed']);
    });
  });

  describe('that is away', () => {
    it('because nothing listens', async () => {
      const { url, close } = await smallHost({ vendor }, nowMs);
      await close();
      expect(await examine({ address: url, addresses: [] })).toMatchObject({ connection: { outcome: 'unreachable', detail: 'ECONNREFUSED' } });
    });

    it.each(['http', 'https'])('because it says nothing (%s)', async (scheme) => {
      const server = createServer((socket) => void sockets.push(socket));
      silent.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const facts = await examine({ address: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, addresses: [] });
      expect([facts.connection.detail, ids(facts)]).toEqual(['no answer in time', ['host-unreachable']]);
    });
  });

  describe('who it is', () => {
    it('of another vendor', async () => expect(await over({ vendor: await aHostCertificate({}, { seed: 'other', nowMs: START_MS }) })).toEqual(['host-rogue']));
    it('with somebody else’s proof', async () => expect(await over({ replays: 'n'.repeat(42) + 'A' })).toEqual(['host-rogue']));
    it('not, when it shows a page', async () => expect(await over({ page: '<html>', readiness: { status: 200, checks: [] } })).toEqual(['host-not-proved']));
    it('not, when it never ends', async () => expect(await over({ page: 'x'.repeat(100_000) })).toEqual(['host-unreachable']));
    it('not, when it knows no such question', async () => expect(await over({ problem: 'not-found' })).toEqual(['host-not-proved']));
    it.each(['host-not-activated', 'host-retired'])('%s', async (problem) => expect(await over({ problem })).toEqual(['host-not-active']));
    it('revoked, by its own word', async () => expect(await over({ problem: 'host-revoked' })).toEqual(['host-revoked']));

    it('revoked, by the list that the machine keeps', async () => {
      const list = { iss: 'v', iat: 0, jti: '00000000-0000-4000-8000-000000000000', sequence: 7, certificates: [vendor.certificate.claims.jti], keys: [], leases: [], chain: [] };
      expect(await over({}, { revocations: list as never })).toEqual(['host-revoked']);
    });

    it('with an activation that has ended: by our clock, whatever its own says', async () => {
      const atSeconds = toNumericDate(START_MS);
      const old = await aHostCertificate({ nbf: atSeconds - 100 * 86_400, exp: atSeconds - 40 * 86_400 });
      expect(await over({ vendor: old, offsetMs: -50 * 24 * HOUR_MS })).toEqual(['host-activation-ended', 'host-clock']);
    });

    it('is not asked without the root key, and not found fault with while it is busy', async () => {
      expect(await over({}, { root: undefined })).toEqual([]);
      const { url } = await serve({ problem: 'rate-limited' });
      expect((await examine({ address: url, addresses: [] })).proof).toEqual({ kind: 'skipped', detail: 'it answered rate-limited: It is rate-limited' });
    });
  });

  it.each([
    [31_000, 'warning'],
    [-299_000, 'warning'],
    [400_000, 'error'],
  ])('whose clock is %d ms off: %s', async (offsetMs, severity) => {
    const { url } = await serve({ offsetMs });
    const { findings } = judgeHosts([await examine({ address: url, addresses: [] })], { nowMs: nowMs() });
    expect(findings.map((each) => [each.id, each.severity])).toEqual([['host-clock', severity]]);
  });

  it('which cannot serve, or with a reservation', async () => {
    const check = (status: string) => [{ name: 'nats', status, detail: 'away' }];
    expect(await over({ readiness: { status: 503, checks: check('down') } })).toEqual(['host-not-ready']);
    expect(await over({ readiness: { status: 200, checks: check('warn') } })).toEqual(['host-remark']);
  });

  it.each([
    ['the 30 s of the whole run are over', []],
    ['no domain is known here', ['host-none']],
  ])('of which none is known, because %s', async (reason, expected) => {
    const dns = { published: [], skipped: [{ area: 'dns' as const, subject: 'corp.test', reason }] };
    const { findings } = await examineHosts({ given: [], dns, local: undefined, options: {}, trusted: { root: undefined, revocations: undefined }, budget: startBudget(), clock });
    expect(findings.map(({ id }) => id)).toEqual(expected);
  });

  it('and not at all when there is no time left', async () => {
    await expect(examine({ address: (await serve()).url, addresses: [] })).resolves.toBeDefined();
    await expect(examineHost({ address: 'http://127.0.0.1:1', addresses: [] }, { root: undefined, revocations: undefined, trust: undefined, clock, budget: startBudget(0) })).rejects.toThrow('are over');
  });
});
