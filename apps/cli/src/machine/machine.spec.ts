import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openMachineDirectory } from '@muster/client';
import { DAY_SECONDS, SECOND_MS, systemDraws, toInstant, toNumericDate } from '@muster/kernel';
import type { DevelopmentVendor } from '@muster/trust';
import { createDevelopmentVendor, digestOf, signLease, signReceipt, verifyActivationRequest, verifyReleaseRequest, verifyRenewalRequest, writePublicKeyFile } from '@muster/trust';
import { painter } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';
import { activate } from './activate.js';
import { releaseMachine, renewMachine } from './contact-commands.js';
import { runMachine } from './run.js';
import { clearHost, generalize, setHost } from './settings.js';
import { showExpiry, showMachine } from './show.js';
import { verifyMachine } from './verify.js';

const PRODUCT = 'acme.workstation';
const paint = painter(false);

type Reply = 'hang up' | 'away' | 'conflict' | 'defer' | 'grant';

/** A gateway in small: verifies what it is sent, and answers as the test says. */
describe('muster machine', () => {
  let vendor: DevelopmentVendor;
  let server: Server;
  let url: string;
  let parent: string;
  let dir: string;
  let rootFile: string;
  let replies: Reply[];
  let received: { readonly path: string; readonly jti: string; readonly virtual: boolean | undefined }[];
  let lines: string[];

  const terminal = (json = false): Terminal => {
    lines = [];
    const say = (line: string): void => void lines.push(line);
    return { json, verbose: false, watched: false, data: say, note: say, progress: () => undefined, paint, paintData: paint };
  };

  const granting = async (machine: string, outcome: 'granted' | 'renewed') => {
    const { hostKey, certificate } = vendor;
    const iat = toNumericDate(Date.now());
    const exp = iat + 180 * DAY_SECONDS;
    const leaseId = systemDraws.uuid();
    const decided = { iss: hostKey.id, sub: machine, aud: PRODUCT, iat, jti: leaseId, count: 25, threshold: 25, position: 3, head: digestOf('head') };
    const lease = await signLease({ ...decided, exp, cnf: { jkt: machine }, chain: [certificate.jws] }, hostKey);
    const at = (seconds: number): string => toInstant((iat + seconds) * SECOND_MS);
    const [opensAfterSeconds, closesAfterSeconds] = [6 * DAY_SECONDS, 7 * DAY_SECONDS];
    const renewalWindow = { opensAfterSeconds, closesAfterSeconds, opensAt: at(opensAfterSeconds), closesAt: at(closesAfterSeconds) };
    return { outcome, leaseId, lease, count: 25, threshold: 25, issuedAt: at(0), expiresAt: at(180 * DAY_SECONDS), renewAfterSeconds: closesAfterSeconds, renewAt: at(closesAfterSeconds), renewalWindow, retryAfterSeconds: 7200, retryAt: at(7200) };
  };
  const deferring = async (machine: string, jti: string) => {
    const { hostKey, certificate } = vendor;
    const claims = { iss: hostKey.id, sub: machine, aud: PRODUCT, iat: toNumericDate(Date.now()), jti, count: 7, threshold: 25, position: 3, head: digestOf('head') };
    const receipt = await signReceipt({ ...claims, outcome: 'deferred', chain: [certificate.jws] }, hostKey);
    return { outcome: 'deferred', count: 7, threshold: 25, retryAfterSeconds: 7200, retryAt: toInstant(Date.now() + 7200 * SECOND_MS), receipt };
  };
  const problem = (status: number, code: string, retryAfterSeconds?: number) => ({ status, body: { type: `/problems/${code}`, title: code, status, detail: code, code, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) } });

  const answer = async (path: string, reply: Exclude<Reply, 'hang up'>, { machine, jti }: { readonly machine: string; readonly jti: string }): Promise<{ readonly status: number; readonly body: object }> => {
    if (path.endsWith('/releases')) return { status: 200, body: { outcome: 'released', leaseId: systemDraws.uuid(), releasedAt: toInstant(Date.now()) } };
    switch (reply) {
      case 'away':
        return problem(503, 'unavailable', 3600);
      case 'conflict':
        return problem(409, 'request-id-conflict');
      case 'defer':
        return { status: 202, body: await deferring(machine, jti) };
      case 'grant':
        return { status: 201, body: await granting(machine, path.endsWith('/renewals') ? 'renewed' : 'granted') };
      default:
        return reply satisfies never;
    }
  };

  beforeEach(async () => {
    vendor = await createDevelopmentVendor({ nowMs: Date.now() });
    parent = mkdtempSync(join(tmpdir(), 'muster-cli-machine-'));
    dir = join(parent, 'machine');
    rootFile = join(parent, 'root.json');
    await writePublicKeyFile(rootFile, vendor.rootKey.publicJwk);
    replies = [];
    received = [];
    server = createServer((request, response) => {
      const serve = async (): Promise<void> => {
        const path = request.url ?? '';
        if (request.method === 'GET') return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ list: null, sequence: 0 }));
        const jws = await text(request);
        const { machine, payload } = await (path.endsWith('/renewals') ? verifyRenewalRequest(jws) : path.endsWith('/releases') ? verifyReleaseRequest(jws) : verifyActivationRequest(jws));
        received.push({ path, jti: payload.jti, virtual: 'machine' in payload ? payload.machine.virtual : undefined });
        const reply = replies.shift() ?? 'grant';
        if (reply === 'hang up') return void request.socket.destroy();
        const { status, body } = await answer(path, reply, { machine, jti: payload.jti });
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      void serve();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(parent, { recursive: true });
  });

  const ask = (options: { readonly virtual?: boolean } = {}, json = false) => activate({ host: url, product: PRODUCT, dir, hostname: 'ws-01', root: rootFile, ...options }, terminal(json));
  const ids = (): readonly string[] => received.map(({ jti }) => jti);
  const said = (): string => lines.join('\n');

  it('activate asks under the same id until there is an outcome, then under a new one', async () => {
    replies = ['hang up', 'away', 'defer', 'grant'];
    await expect(ask()).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(ask()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(await ask()).toBe(6);
    expect(said()).toContain('(18 machines to go)');
    expect(await ask()).toBe(0);
    const [first, second, third, fourth] = ids();
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
  });

  it('activate tells a refusal from a host that does not answer', async () => {
    replies = ['conflict', 'defer'];
    await expect(ask()).rejects.toMatchObject({ reason: 'conflict' });
    expect(await ask()).toBe(6);
    expect(new Set(ids()).size).toBe(2);
  });

  it('activate believes the vendor alone', async () => {
    await expect(activate({ host: url, product: PRODUCT, dir, data: parent }, terminal())).rejects.toMatchObject({ reason: 'usage' }); // no root key
    vendor = await createDevelopmentVendor({ nowMs: Date.now() });
    await expect(ask()).rejects.toThrow(/not believed/);
    expect(await showMachine({ dir }, terminal())).toBe(6); // by the root key that it kept
  });

  it('show, expiry and verify tell the lease without asking anybody', async () => {
    await ask({}, true);
    expect(JSON.parse(said())).toMatchObject({ product: PRODUCT, outcome: 'granted', count: 25 });
    expect(said()).not.toContain('token');
    const asked = received.length;
    expect(await showMachine({ dir }, terminal())).toBe(0);
    expect(said()).toMatch(/acme\.workstation {2}licensed until .* \(179 days 23 hours left\)|180 days/);
    await showMachine({ dir, detail: true }, terminal());
    for (const word of ['drawn moment', 'next contact', 'granted by', 'renews every', '7 days']) expect(said()).toContain(word);
    expect(await showExpiry({ dir }, terminal(true))).toBe(0);
    expect(JSON.parse(said())).toMatchObject([{ product: PRODUCT, status: 'licensed' }]);
    expect(await verifyMachine({ dir }, terminal())).toBe(0);
    expect(said()).toContain('verified: lease');
    expect(received.length).toBe(asked);
  });

  it('renew and release go to the lease that is held', async () => {
    await ask();
    const first = openMachineDirectory(dir).load(PRODUCT)?.lease?.leaseId;
    expect(await renewMachine({ dir, host: url }, terminal())).toBe(0);
    const second = openMachineDirectory(dir).load(PRODUCT)?.lease?.leaseId;
    expect(await releaseMachine({ dir, host: url }, terminal())).toBe(0);
    expect(received.slice(1).map(({ path }) => path)).toEqual([`/v1/leases/${first}/renewals`, `/v1/leases/${second}/releases`]);
    expect(await showMachine({ dir }, terminal())).toBe(6);
    expect(await releaseMachine({ dir, host: url }, terminal())).toBe(0);
    expect(said()).toContain('no lease is held');
  });

  it('set-host says that failover is lost, clear-host puts it back', async () => {
    await setHost('license.example')({ dir }, terminal());
    expect(said()).toContain('no failover');
    expect(openMachineDirectory(dir).settings().hosts).toEqual(['http://license.example:6878']);
    await setHost(url)({ dir }, terminal());
    expect(await activate({ product: PRODUCT, dir, root: rootFile }, terminal())).toBe(0);
    await clearHost({ dir }, terminal(true));
    expect(openMachineDirectory(dir).settings().hosts).toEqual([]);
    await expect(setHost('not a host')({ dir }, terminal())).rejects.toMatchObject({ reason: 'usage' });
  });

  it('run --once does what is due, one line a contact, and remembers that the machine is virtual', async () => {
    const once = () => runMachine({ once: true, product: PRODUCT, dir, host: url, root: rootFile, ...(received.length === 0 ? { virtual: true } : {}) }, terminal());
    replies = ['defer'];
    expect(await once()).toBe(6);
    expect(lines).toEqual([expect.stringMatching(/^\S+Z acme\.workstation deferred by http:\S+: count 7, threshold 25; next \S+Z$/)]);
    expect(await once()).toBe(6);
    expect(said()).toContain('nothing is due until');
    await renewMachine({ dir, host: url }, terminal());
    expect(received.map(({ virtual }) => virtual)).toEqual([true, true]);
  });

  it('generalize forgets the machine and keeps how hosts are found', async () => {
    await ask();
    const before = JSON.parse(readFileSync(join(dir, 'machine-key.private.json'), 'utf8')) as object;
    await setHost(url)({ dir }, terminal());
    await generalize({ dir }, terminal());
    await expect(showMachine({ dir }, terminal())).rejects.toMatchObject({ reason: 'notFound' });
    expect(await activate({ product: PRODUCT, dir }, terminal())).toBe(0);
    expect(JSON.parse(readFileSync(join(dir, 'machine-key.private.json'), 'utf8'))).not.toEqual(before);
  });
});
