import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ActivationAnswer } from '@muster/contracts';
import { toInstant, toNumericDate } from '@muster/kernel';
import type { DevelopmentVendor, VerifiedActivationRequest } from '@muster/trust';
import { createDevelopmentVendor, digestOf, signLease, verifyActivationRequest, writePublicKeyFile } from '@muster/trust';
import { painter } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';
import { activate } from './activate.js';
import { openMachineDir } from './machine-dir.js';
import { showMachine } from './show.js';

const PRODUCT = 'acme.workstation';
const LEASE_ID = '6f0d4c9e-0000-4000-8000-000000000001';
const paint = painter(false);
const quiet: Terminal = { json: true, verbose: false, watched: false, data: () => undefined, note: () => undefined, progress: () => undefined, paint, paintData: paint };

type Reply = 'hang up' | 'away' | 'conflict' | 'defer' | 'grant';

/** A gateway in small: verifies what it is sent, and answers as the test says. */
describe('a machine that activates', () => {
  let vendor: DevelopmentVendor;
  let server: Server;
  let url: string;
  let dir: string;
  let rootFile: string;
  let replies: Reply[];
  let received: VerifiedActivationRequest[];

  const leaseFor = async (machine: string): Promise<ActivationAnswer> => {
    const iat = toNumericDate(Date.now());
    const { hostKey, certificate } = vendor;
    const exp = iat + 180 * 86_400;
    const decided = { iss: hostKey.id, sub: machine, aud: PRODUCT, iat, jti: LEASE_ID, count: 25, threshold: 25, position: 3, head: digestOf('head') };
    const lease = await signLease({ ...decided, exp, cnf: { jkt: machine }, chain: [certificate.jws] }, hostKey);
    const [issuedAt, expiresAt] = [toInstant(iat * 1000), toInstant(exp * 1000)];
    const renewalWindow = { opensAfterSeconds: 604_800, closesAfterSeconds: 608_400, opensAt: toInstant((iat + 604_800) * 1000), closesAt: toInstant((iat + 608_400) * 1000) };
    return { outcome: 'granted', leaseId: LEASE_ID, lease, count: 25, threshold: 25, issuedAt, expiresAt, renewAfterSeconds: 604_800, renewalWindow, retryAfterSeconds: 7200 };
  };
  const problem = (status: number, code: string, retryAfterSeconds?: number) => ({ status, body: { type: `/problems/${code}`, title: code, status, detail: code, code, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) } });

  const answer = async (reply: Exclude<Reply, 'hang up'>, machine: string): Promise<{ readonly status: number; readonly body: object }> => {
    switch (reply) {
      case 'away':
        return problem(503, 'unavailable', 3600);
      case 'conflict':
        return problem(409, 'request-id-conflict');
      case 'defer':
        return { status: 202, body: { outcome: 'deferred', count: 7, threshold: 25, retryAfterSeconds: 7200, receipt: 'a.b.c' } };
      case 'grant':
        return { status: 201, body: await leaseFor(machine) };
      default:
        return reply satisfies never;
    }
  };

  beforeEach(async () => {
    vendor = await createDevelopmentVendor({ nowMs: Date.now() });
    dir = mkdtempSync(join(tmpdir(), 'muster-cli-machine-'));
    rootFile = join(dir, 'root.json');
    await writePublicKeyFile(rootFile, vendor.rootKey.publicJwk);
    replies = [];
    received = [];
    server = createServer((request, response) => {
      const serve = async (): Promise<void> => {
        const verified = await verifyActivationRequest(await text(request));
        received.push(verified);
        const reply = replies.shift() ?? 'away';
        if (reply === 'hang up') return void request.socket.destroy();
        const { status, body } = await answer(reply, verified.machine);
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
    rmSync(dir, { recursive: true });
  });

  const machineDir = (): string => join(dir, 'machine');
  const run = (options: { readonly virtual?: boolean } = {}) => activate({ host: url, product: PRODUCT, dir: machineDir(), hostname: 'ws-01', root: rootFile, ...options }, quiet);
  const idsSent = (): readonly string[] => received.map(({ payload }) => payload.jti);

  it('asks under the same id until there is an outcome, then under a new one', async () => {
    replies = ['hang up', 'away', 'defer', 'grant'];
    await expect(run()).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(run()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(await run()).toBe(6);
    expect(await run()).toBe(0);
    const [first, second, third, fourth] = idsSent();
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
    expect(new Set(received.map(({ machine }) => machine)).size).toBe(1);
  });

  it('keeps the lease it verified, cites it the next time, and shows it offline', async () => {
    replies = ['grant', 'grant'];
    expect(await run()).toBe(0);
    const lease = openMachineDir(machineDir()).lease(PRODUCT) ?? '';
    await run();
    expect(received[1]?.payload.lease).toBe(digestOf(lease));
    expect(await showMachine({ dir: machineDir() }, quiet)).toBe(0); // by the root key that it kept
    expect([statSync(machineDir()).mode & 0o777, statSync(join(machineDir(), 'machine-key.private.json')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('does not keep a lease of another vendor', async () => {
    await run().catch(() => undefined); // pins the root key
    vendor = await createDevelopmentVendor({ nowMs: Date.now() });
    replies = ['grant'];
    await expect(run()).rejects.toThrow(/does not verify/);
    expect(openMachineDir(machineDir()).lease(PRODUCT)).toBeUndefined();
    expect(await showMachine({ dir: machineDir() }, quiet)).toBe(6);
  });

  it('gives up an id that was used for something else', async () => {
    replies = ['conflict', 'defer'];
    await expect(run()).rejects.toMatchObject({ reason: 'conflict' });
    expect(await run()).toBe(6);
    expect(new Set(idsSent()).size).toBe(2);
    expect(JSON.parse(readFileSync(join(machineDir(), 'products', PRODUCT, 'answer.json'), 'utf8'))).toMatchObject({ outcome: 'deferred', count: 7, threshold: 25 });
  });
});
