import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HardwareEvidence } from '@muster/contracts';
import { HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import { aHostCertificate, aVendor, fixedClock, type FixedClock, type TestVendor } from '@muster/testing';
import { digestOf } from '@muster/trust';
import { fakeHost, type FakeHost } from '../shell/fake-host.fixture.js';
import type { Machine } from '../shell/machine.js';
import { openMachine } from '../shell/open-machine.js';
import type { Discovery, HostSearch, Transport } from '../shell/ports.js';
import { fakeAuthority, type FakeAuthority } from './fake-authority.fixture.js';

const PRODUCT = 'acme.workstation';
const HOST = 'http://host:6878';
const OTHER_HOST = 'http://other-host:6878';

const made = (...parts: readonly string[]): HardwareEvidence => Object.fromEntries(['board', 'processor', 'memory', 'disk', 'network'].map((part, index) => [part, digestOf(parts[index] ?? part)]));

describe('an isolated machine', () => {
  let vendor: TestVendor;
  let clock: FixedClock;
  let host: FakeHost;
  let authority: FakeAuthority;
  let hardware: HardwareEvidence;
  let dir: string;

  beforeEach(async () => {
    vendor = await aVendor();
    clock = fixedClock();
    host = fakeHost(await aHostCertificate(), { clock });
    authority = fakeAuthority(vendor, { clock });
    hardware = made();
    dir = mkdtempSync(join(tmpdir(), 'muster-left-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const open = (hosts: readonly string[] | Discovery, transport: Partial<Transport> = {}): Promise<Machine> =>
    openMachine({
      dir,
      product: PRODUCT,
      root: vendor.rootKey.publicJwk,
      hosts,
      hardware: () => hardware,
      transport: { send: (address, request) => host.send(address, request), exchange: (address, exchange) => authority.exchange(address, exchange), ...transport },
      clock,
    });

  it('leaves its request with the host, and fetches the lease there', async () => {
    const machine = await open([HOST]);
    const { request } = await machine.installationRequest();
    expect((await machine.leaveRequest()).outcome).toMatchObject({ host: HOST, reply: { type: 'waiting', requestDigest: digestOf(request) } });
    expect((await machine.installationRequest()).request).toBe(request);
    await machine.tick(); // by volume meanwhile
    expect(await machine.status()).toMatchObject({ status: 'licensed', method: 'volume', nextContactMs: clock.nowMs() + 2 * HOUR_SECONDS * SECOND_MS });
    await authority.obtain(request);
    clock.advance(2 * HOUR_SECONDS);
    expect((await machine.tick())?.outcome.reply.type).toBe('granted');
    expect(await machine.status()).toMatchObject({ permanent: true });
    expect(new Set(authority.asked.flatMap(({ type, request: sent }) => (type === 'installation-request' ? [sent] : []))).size).toBe(1);
  });

  it('asked to activate now, looks first whether its request has its answer', async () => {
    const machine = await open([HOST]);
    const { request } = await machine.installationRequest();
    await machine.leaveRequest();
    expect((await machine.activate()).method).toBe('volume');
    await authority.obtain(request);
    expect(await machine.activate()).toMatchObject({ method: 'multiple', outcome: { reply: { type: 'granted' } } });
  });

  it('keeps its open request over a small change of its hardware: whoever carries it comes back with the answer to this one', async () => {
    const machine = await open([HOST]);
    const { request } = await machine.installationRequest();
    await machine.leaveRequest();
    hardware = made('a new board');
    expect((await machine.installationRequest()).request).toBe(request);
    await authority.obtain(request);
    clock.advance(2 * HOUR_SECONDS);
    expect((await machine.tick())?.outcome.reply.type).toBe('granted');
    expect(await machine.status()).toMatchObject({ permanent: true });
    hardware = made('a', 'wholly', 'different', 'machine', 'now');
    expect((await machine.installationRequest()).request).not.toBe(request);
  });

  it('asks the host that it left its request with, and no other, however long that one is away', async () => {
    let away = false;
    const machine = await open([HOST, OTHER_HOST], { exchange: (address, exchange) => (away && address === HOST ? Promise.resolve({ type: 'unreachable', detail: 'away' } as const) : authority.exchange(address, exchange)) });
    await machine.leaveRequest();
    const askedAt = (): readonly string[] => authority.asked.filter(({ type }) => type === 'installation-request').map(({ address }) => address);
    away = true;
    clock.advance(2 * HOUR_SECONDS);
    expect((await machine.tick())?.outcome.reply.type).toBe('unreachable');
    expect(askedAt()).toEqual([HOST]);
    expect((await machine.leaveRequest()).outcome).toMatchObject({ host: OTHER_HOST, reply: { type: 'waiting' }, failed: [{ host: HOST }] }); // by hand it moves
  });

  it('leaves its request with the next host where one cannot serve, and keeps it while one is away', async () => {
    const retired = { type: 'problem', problem: { code: 'host-retired', status: 410, detail: 'It is retired.' }, retryAfterSeconds: null } as const;
    const away = { type: 'unreachable', detail: 'away' } as const;
    const first = await open([HOST, OTHER_HOST], { exchange: (address) => Promise.resolve(address === HOST ? retired : away) });
    const { request } = await first.installationRequest();
    expect((await first.leaveRequest()).outcome.reply.type).toBe('unreachable');
    const second = await open([HOST, OTHER_HOST], { exchange: (address, exchange) => (address === HOST ? Promise.resolve(retired) : authority.exchange(address, exchange)) });
    expect((await second.leaveRequest()).outcome).toMatchObject({ host: OTHER_HOST, reply: { type: 'waiting', requestDigest: digestOf(request) } });
  });

  it('leaves its request with nobody who was found and did not prove itself', async () => {
    const hosts = [OTHER_HOST, HOST];
    let left = hosts;
    const search: HostSearch = {
      ordered: true,
      next: async () => left.splice(0),
      objectionTo: async (address) => (address === OTHER_HOST ? 'it did not prove that it is a host' : undefined),
      served: () => undefined,
      nobody: () => 'nobody',
    };
    const machine = await open({
      hosts: async () => hosts,
      search: () => {
        left = [...hosts];
        return search;
      },
    });
    expect((await machine.leaveRequest()).outcome).toMatchObject({ host: HOST, reply: { type: 'waiting' }, failed: [{ host: OTHER_HOST }] });
    clock.advance(2 * HOUR_SECONDS);
    await machine.tick();
    expect(new Set(authority.asked.map(({ address }) => address))).toEqual(new Set([HOST]));
  });
});
