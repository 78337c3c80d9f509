import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { aHostCertificate, fixedClock, TEST_START_MS, type FixedClock } from '@muster/testing';
import type { DevelopmentVendor } from '@muster/trust';
import { digestOf } from '@muster/trust';
import { openMachineDirectory } from '../directory/machine-directory.js';
import { fakeHost, type FakeHost, type Mood } from './fake-host.fixture.js';
import type { Machine } from './machine.js';
import { openMachine } from './open-machine.js';
import type { Transport, WireReply } from './ports.js';

const PRODUCT = 'acme.workstation';
const HOST = 'http://host:6878';

describe('a machine', () => {
  let vendor: DevelopmentVendor;
  let clock: FixedClock;
  let host: FakeHost;
  let parent: string;
  let dir: string;

  beforeEach(async () => {
    vendor = await aHostCertificate();
    clock = fixedClock();
    host = fakeHost(vendor, { clock });
    parent = mkdtempSync(join(tmpdir(), 'muster-client-'));
    dir = join(parent, 'machine');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const open = (options: { readonly dir?: string; readonly transport?: Transport } = {}): Promise<Machine> =>
    openMachine({ dir, product: PRODUCT, root: vendor.rootKey.publicJwk, hosts: [HOST], hostname: 'ws-01', transport: host, clock, ...options });
  const ids = (): readonly string[] => host.received.map(({ payload }) => payload.jti);
  const kept = (at = dir) => openMachineDirectory(at).load(PRODUCT);

  it('activates, renews when its moment has come, and releases', async () => {
    const machine = await open();
    expect((await machine.status()).status).toBe('unlicensed');
    await machine.activate();
    expect(await machine.status()).toMatchObject({ status: 'licensed', remainingSeconds: 180 * DAY_SECONDS });
    expect(await machine.tick()).toBeUndefined();
    clock.advance(7 * DAY_SECONDS);
    const drawnForMs = kept()?.drawnForMs ?? 0;
    expect((await machine.tick())?.outcome.reply.type).toBe('granted');
    expect(host.received[1]).toMatchObject({ kind: 'renewal', payload: { drawnFor: Math.floor(drawnForMs / SECOND_MS) } });
    expect(await machine.status()).toMatchObject({ status: 'licensed', remainingSeconds: 180 * DAY_SECONDS });
    expect((await machine.release())?.outcome.reply.type).toBe('released');
    expect(await machine.status()).toMatchObject({ status: 'unlicensed', reason: 'released', nextContactMs: null });
    expect(await machine.release()).toBeUndefined();
  });

  it('keeps its files to its owner', async () => {
    await (await open()).activate();
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect([mode(dir), mode(join(dir, 'machine-key.private.json')), mode(join(dir, 'products', `${PRODUCT}.json`))]).toEqual([0o700, 0o600, 0o600]);
  });

  it('has kept the request id before anything is sent', async () => {
    let keptAtSend: string | undefined;
    const transport: Transport = {
      send: (address, request) => {
        keptAtSend = kept()?.wish?.requestId;
        return host.send(address, request);
      },
    };
    await (await open({ transport })).activate();
    expect(keptAtSend).toBe(ids()[0]);
  });

  it('that loses an answer asks again under the same id, also after a restart, and gets that answer', async () => {
    host.moods.push('hang up', 'busy');
    await (await open()).activate();
    await (await open()).activate();
    await (await open()).activate();
    expect(new Set(ids()).size).toBe(1);
    expect(kept()).toMatchObject({ wish: null, lease: { leaseId: host.received[0]?.issued } });
  });

  it('takes an answer without the authority of its vendor for none', async () => {
    host.vendor = await aHostCertificate({}, { seed: 'another vendor' });
    for (const mood of ['grant', 'defer'] as const) {
      host.moods.push(mood);
      const { outcome } = await (await open()).activate();
      expect(outcome.reply).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('not believed') as unknown });
    }
    expect(kept()).toMatchObject({ lease: null, wish: { kind: 'activation' } });
  });

  it('reads an answer of a later host, which says more', async () => {
    const later: Transport = {
      send: async (address, request) => {
        const reply = await host.send(address, request);
        if (reply.type !== 'answer') return reply;
        const { renewalWindow, ...body } = reply.body as { readonly renewalWindow?: object };
        return { ...reply, body: { ...body, ...(renewalWindow === undefined ? {} : { renewalWindow: { ...renewalWindow, drawnBy: 'the host' } }), motd: 'hello' } };
      },
    };
    host.moods.push('defer', 'grant');
    const machine = await open({ transport: later });
    const heard = [(await machine.activate()).outcome.reply.type, (await machine.activate()).outcome.reply.type, (await machine.release())?.outcome.reply.type];
    expect(heard).toEqual(['deferred', 'granted', 'released']);
  });

  it('takes an answer of before, played again, for none', async () => {
    let recorded: WireReply | undefined;
    let replaying = false;
    const transport: Transport = {
      send: async (address, request) => {
        if (replaying && recorded !== undefined) return recorded;
        const reply = await host.send(address, request);
        recorded ??= reply;
        return reply;
      },
    };
    const replayed = async (moods: readonly Mood[], at: string): Promise<unknown> => {
      [recorded, replaying] = [undefined, false];
      host.moods.push(...moods);
      const machine = await open({ dir: join(parent, at), transport });
      for (const _mood of moods) {
        await machine.activate();
        clock.advance(DAY_SECONDS);
      }
      replaying = true;
      return (await machine.activate()).outcome.reply;
    };
    expect(await replayed(['defer'], 'receipt')).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('another request') as unknown });
    expect(await replayed(['grant'], 'held')).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('holds already') as unknown });
    expect(await replayed(['grant', 'grant'], 'older')).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('older') as unknown });
  });

  it('tells refused from unreachable', async () => {
    const machine = await open();
    host.moods.push({ refuse: 'unknown-product', status: 404 }, 'hang up');
    await machine.activate();
    expect(await machine.status()).toMatchObject({ reason: 'refused', lastContact: { code: 'unknown-product' } });
    await machine.activate();
    expect(await machine.status()).toMatchObject({ reason: 'no-answer' });
    expect(new Set(ids()).size).toBe(2); // the refusal was an outcome
  });

  it('goes by the signed lease, not by what the file says of it', async () => {
    const machine = await open();
    await machine.activate();
    const file = join(dir, 'products', `${PRODUCT}.json`);
    const state = JSON.parse(readFileSync(file, 'utf8')) as { lease: { expiresAtMs: number; token: string } };
    state.lease.expiresAtMs += 4000 * DAY_SECONDS * SECOND_MS;
    writeFileSync(file, JSON.stringify(state));
    expect((await machine.status()).expiresAtMs).toBe(TEST_START_MS + 180 * DAY_SECONDS * SECOND_MS);
    state.lease.token = `${state.lease.token.slice(0, -8)}AAAAAAAA`;
    writeFileSync(file, JSON.stringify(state));
    expect(await machine.status()).toMatchObject({ status: 'unlicensed', reason: 'lease-not-believed' });
    expect(await machine.verify()).toMatchObject({ verified: false });
  });

  it('starts again from a damaged file instead of failing for ever', async () => {
    const machine = await open();
    await machine.activate();
    writeFileSync(join(dir, 'products', `${PRODUCT}.json`), '{');
    expect((await machine.tick())?.outcome.reply.type).toBe('granted');
    expect(new Set(host.received.map(({ machine: id }) => id)).size).toBe(1);
  });

  it('keeps the latest time that it saw, so that a restart with the clock set back changes nothing', async () => {
    await (await open()).activate();
    clock.advance(160 * DAY_SECONDS);
    expect((await (await open()).status()).status).toBe('notification');
    clock.set(TEST_START_MS);
    expect(await (await open()).status()).toMatchObject({ status: 'notification', clockSetBackSeconds: 160 * DAY_SECONDS });
  });

  it('of a daemon and of commands at the same moment make one request at a time', async () => {
    const [daemon, command] = [await open(), await open()];
    await Promise.all([daemon.tick(), command.tick()]);
    expect(host.received.length).toBe(1);
  });

  it('whose directory was copied goes on in both places under one identity, each citing the lease that they share', async () => {
    const original = await open();
    await original.activate();
    const copy = join(parent, 'copy');
    cpSync(dir, copy, { recursive: true });
    const clone = await open({ dir: copy });
    clock.advance(7 * DAY_SECONDS);
    await original.tick();
    await clone.tick();

    const [first, second] = host.received.slice(1);
    expect(clone.id).toBe(original.id);
    expect(second?.machine).toBe(first?.machine);
    // Two requests that renew the same lease: that is what the ledger records, and by what a clone can be told later.
    expect([first, second].map((request) => (request !== undefined && 'lease' in request.payload ? digestOf(request.payload.lease ?? '') : ''))).toEqual(
      Array.from({ length: 2 }, () => digestOf((first?.payload as { lease: string }).lease)),
    );
    expect(second?.payload.jti).not.toBe(first?.payload.jti);
    expect([await original.status(), await clone.status()].map(({ status }) => status)).toEqual(['licensed', 'licensed']);
    expect(kept(copy)?.lease?.leaseId).not.toBe(kept()?.lease?.leaseId);
  });

  it('that was generalized is another machine', async () => {
    const before = await open();
    await before.activate();
    openMachineDirectory(dir).generalize();
    const after = await open();
    expect(after.id).not.toBe(before.id);
    expect((await after.status()).reason).toBe('never-asked');
  });
});
