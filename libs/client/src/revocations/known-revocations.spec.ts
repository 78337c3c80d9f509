import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_SECONDS, HOUR_SECONDS } from '@muster/kernel';
import { aHostCertificate, anActivationKey, aVendor, fixedClock, type FixedClock, type TestVendor } from '@muster/testing';
import type { DevelopmentVendor } from '@muster/trust';
import { AUTHORITY, fakeAuthority, type FakeAuthority } from '../permanent/fake-authority.fixture.js';
import { fakeHost, type FakeHost } from '../shell/fake-host.fixture.js';
import type { Machine } from '../shell/machine.js';
import { openMachine } from '../shell/open-machine.js';

const PRODUCT = 'acme.workstation';

describe('what the vendor has revoked', () => {
  let vendor: TestVendor;
  let hostVendor: DevelopmentVendor;
  let clock: FixedClock;
  let host: FakeHost;
  let authority: FakeAuthority;
  let dir: string;

  beforeEach(async () => {
    [vendor, hostVendor] = [await aVendor(), await aHostCertificate()];
    clock = fixedClock();
    host = fakeHost(hostVendor, { clock });
    authority = fakeAuthority(vendor, { clock });
    dir = mkdtempSync(join(tmpdir(), 'muster-revoked-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const open = (by: FakeAuthority = authority): Promise<Machine> =>
    openMachine({
      dir,
      product: PRODUCT,
      root: vendor.rootKey.publicJwk,
      hosts: ['http://host:6878'],
      authority: AUTHORITY,
      hardware: () => ({}),
      transport: { send: (address, request) => host.send(address, request), exchange: (address, exchange) => by.exchange(address, exchange) },
      clock,
    });
  const looks = (): number => authority.asked.filter(({ type, address }) => type === 'revocations' && address === AUTHORITY).length;

  it('is asked for on line, at most once a day', async () => {
    const machine = await open();
    await machine.activate();
    for (const hours of [1, 12, 10]) {
      clock.advance(hours * HOUR_SECONDS);
      await machine.tick();
    }
    expect(looks()).toBe(1);
    clock.advance(HOUR_SECONDS);
    await machine.tick();
    expect(looks()).toBe(2);
  });

  it('takes the lease of a revoked host from the machine, off line too, and believes no other of it', async () => {
    const machine = await open();
    await machine.activate();
    expect((await machine.status()).status).toBe('licensed');
    await authority.revoke(2, [hostVendor.hostKey.id]);
    clock.advance(DAY_SECONDS);
    await machine.tick();
    expect(await (await open()).status()).toMatchObject({ status: 'unlicensed', reason: 'lease-not-believed', whatToDo: expect.stringContaining('revoked') as unknown });
    expect(await machine.verify()).toMatchObject({ verified: false, reason: 'revoked' });
    host.moods.push('defer', 'grant');
    for (const _mood of [1, 2]) expect((await machine.activate()).outcome.reply).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('revoked') as unknown });
  });

  it('takes a permanent lease of a revoked intermediate, too', async () => {
    const key = anActivationKey('multiple');
    authority.allowances.set(key.keyId, 1);
    const machine = await open();
    await machine.installKey(key.key);
    await machine.activate();
    await authority.revoke(2, [vendor.vendorKey.id]);
    clock.advance(DAY_SECONDS);
    await machine.tick();
    expect(await machine.verify()).toMatchObject({ verified: false, reason: 'revoked' });
  });

  it('is never undone: not by an older list, a list of another vendor, or silence', async () => {
    await authority.revoke(3, [hostVendor.hostKey.id]);
    await (await open()).activate();
    const forged = fakeAuthority(await aVendor({ seed: 'another vendor' }), { clock });
    await forged.revoke(9, []);
    await authority.revoke(2, []);
    for (const by of [authority, forged, { ...authority, exchange: () => Promise.resolve({ type: 'unreachable', detail: 'away' } as const) }]) {
      clock.advance(DAY_SECONDS);
      const machine = await open(by);
      expect((await machine.activate()).outcome.reply).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('revoked') as unknown });
    }
  });

  it.each([['knows of none', 0], ['plays an old list', 2]])('is not hidden by who %s', async (_what, sequence) => {
    const behind = fakeAuthority(vendor, { clock });
    if (sequence > 0) await behind.revoke(sequence, []);
    await authority.revoke(3, [hostVendor.hostKey.id]);
    const machine = await open({ ...authority, exchange: (address, exchange) => (address === AUTHORITY ? behind : authority).exchange(address, exchange) });
    await machine.activate();
    expect(await machine.verify()).toMatchObject({ verified: false, reason: 'revoked' });
  });
});
