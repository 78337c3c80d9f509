import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HardwareEvidence } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import { aHostCertificate, anActivationKey, aVendor, fixedClock, type FixedClock, type TestVendor } from '@muster/testing';
import { digestOf, verifyInstallationRequest } from '@muster/trust';
import { openMachineDirectory } from '../directory/machine-directory.js';
import { fakeHost, type FakeHost } from '../shell/fake-host.fixture.js';
import type { Machine } from '../shell/machine.js';
import { openMachine } from '../shell/open-machine.js';
import type { Transport } from '../shell/ports.js';
import { AUTHORITY, fakeAuthority, type FakeAuthority } from './fake-authority.fixture.js';
import { setupKeyOf } from './setup-key.js';

const PRODUCT = 'acme.workstation';
const HOST = 'http://host:6878';
const key = anActivationKey('multiple', 'first');
const otherKey = anActivationKey('multiple', 'second');

const made = (...parts: readonly string[]): HardwareEvidence => Object.fromEntries(['board', 'processor', 'memory', 'disk', 'network'].map((part, index) => [part, digestOf(parts[index] ?? part)]));

describe('a machine with a multiple activation key', () => {
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
    authority.allowances.set(key.keyId, 1).set(otherKey.keyId, 1);
    hardware = made();
    dir = mkdtempSync(join(tmpdir(), 'muster-mak-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const open = (transport: Partial<Transport> = {}): Promise<Machine> =>
    openMachine({
      dir,
      product: PRODUCT,
      root: vendor.rootKey.publicJwk,
      hosts: [HOST],
      authority: AUTHORITY,
      hostname: 'ws-01',
      hardware: () => hardware,
      transport: { send: (address, request) => host.send(address, request), exchange: (address, exchange) => authority.exchange(address, exchange), ...transport },
      clock,
    });
  const activations = (): readonly (string | undefined)[] => authority.asked.filter(({ type }) => type === 'machine-activation').map(({ request }) => request);
  const requestIds = (): Promise<readonly string[]> => Promise.all(activations().map(async (request) => (await verifyInstallationRequest(request ?? '')).payload.jti));
  const activated = async (): Promise<Machine> => {
    const machine = await open();
    await machine.installKey(key.key);
    await machine.activate();
    return machine;
  };
  const left = (): number | undefined => authority.allowances.get(key.keyId);

  it('activates once, for good: nothing is left to ask, also after years and a restart', async () => {
    const machine = await open();
    expect(await machine.installKey(` ${key.key.toLowerCase()} `)).toEqual({ installed: true, key: { kind: 'multiple', keyId: key.keyId, ending: key.ending }, reapplied: false });
    expect((await machine.tick())?.outcome.reply).toMatchObject({ type: 'granted', drawn: true, remaining: 0 });
    clock.advance(9 * 365 * DAY_SECONDS);
    const later = await open();
    expect(await later.status()).toMatchObject({ status: 'licensed', reason: 'permanent', permanent: true, method: 'multiple', expiresAtMs: null, remainingSeconds: null, nextContactMs: null });
    expect(await later.verify()).toMatchObject({ verified: true, permanent: true });
    expect(await later.tick()).toBeUndefined();
    expect([activations().length, host.received.length]).toEqual([1, 0]);
  });

  it('that crashes, or loses the answer, asks with the same bytes until it knows, and draws once', async () => {
    authority.moods.push('hang up', 'busy');
    await (await open()).installKey(key.key);
    for (const _attempt of [1, 2, 3]) {
      await (await open()).activate();
      clock.advance(HOUR_SECONDS);
    }
    expect(new Set(activations()).size).toBe(1);
    expect(activations().length).toBe(3);
    expect(left()).toBe(0);
    expect((await (await open()).status()).permanent).toBe(true);
  });

  it('has kept the request before it is sent', async () => {
    let kept: string | undefined;
    const machine = await open({
      exchange: (address, exchange) => {
        kept ??= openMachineDirectory(dir).loadPermanent(PRODUCT).wish?.requestId;
        return authority.exchange(address, exchange);
      },
    });
    await machine.installKey(key.key);
    await machine.activate();
    expect([kept]).toEqual(await requestIds());
  });

  it('keeps the key to its owner, in one file that goes with it, and shows its ending only', async () => {
    const machine = await activated();
    const keys = join(dir, 'keys');
    const [file = ''] = readdirSync(keys);
    expect(statSync(join(keys, file)).mode & 0o777).toBe(0o600);
    const contact = await machine.activate();
    for (const shown of [JSON.stringify(await machine.status()), JSON.stringify(contact), readFileSync(join(dir, 'permanent', `${PRODUCT}.json`), 'utf8')]) {
      expect(shown).toContain(key.ending);
      expect(shown).not.toContain(key.key);
    }
    await machine.removeKey();
    expect(readdirSync(keys)).toEqual([]);
  });

  it('tells a mistyped key from a wrong one before anything is sent', async () => {
    const machine = await open();
    const groups = key.key.split('-');
    const typed = [...groups.slice(0, 2), groups[2]?.replace(/^./, (symbol) => (symbol === 'Z' ? 'Y' : 'Z')), ...groups.slice(3)].join('-');
    expect(await machine.installKey(typed)).toMatchObject({ installed: false, code: 'key-misread', groups: [3] });
    expect(await machine.installKey(anActivationKey('host', 'h').key)).toMatchObject({ installed: false, code: 'key-unknown' });
    expect(await machine.installKey(setupKeyOf({ root: vendor.rootKey.publicJwk, product: 'acme.server' }).key)).toMatchObject({ installed: false, code: 'key-unknown' });
    expect(authority.asked).toEqual([]);
    expect((await machine.status()).key).toBeNull();
  });

  it.each(['key-unknown', 'key-revoked', 'allowance-exhausted', 'group-not-covered', 'qualification-missing'])('refused for %s says so with its remedy, and asks anew a day later', async (code) => {
    authority.moods.push({ refuse: code });
    const machine = await open();
    await machine.installKey(key.key);
    expect((await machine.activate()).outcome.reply).toMatchObject({ type: 'refused', code });
    expect(await machine.status()).toMatchObject({ status: 'unlicensed', reason: 'refused', lastInstallation: { code }, nextContactMs: clock.nowMs() + DAY_SECONDS * SECOND_MS });
    expect((await machine.status()).whatToDo).not.toContain('See why');
    expect(await machine.tick()).toBeUndefined();
    clock.advance(DAY_SECONDS);
    await machine.tick();
    const [first, second] = await requestIds();
    expect(second).not.toBe(first); // the refusal was an outcome
  });

  it('is never refused by who does not answer, or not for the vendor', async () => {
    const machine = await open({ exchange: () => Promise.resolve({ type: 'unreachable', detail: 'ECONNREFUSED' }) });
    await machine.installKey(key.key);
    expect((await machine.activate()).outcome.reply.type).toBe('unreachable');
    expect(await machine.status()).toMatchObject({ reason: 'no-answer' });
    const forged = fakeAuthority(await aVendor({ seed: 'another vendor' }), { clock });
    forged.allowances.set(key.keyId, 9);
    const deceived = await open({ exchange: (address, exchange) => forged.exchange(address, exchange) });
    expect((await deceived.activate()).outcome.reply).toMatchObject({ type: 'unreachable', detail: expect.stringContaining('not believed') as unknown });
    expect((await deceived.status()).permanent).toBe(false);
  });

  it('sends its key along no open road', async () => {
    const machine = await openMachine({ dir, product: PRODUCT, root: vendor.rootKey.publicJwk, authority: 'http://authority.example', hardware: () => hardware, transport: { send: (address, request) => host.send(address, request), exchange: (address, exchange) => authority.exchange(address, exchange) }, clock });
    await machine.installKey(key.key);
    expect((await machine.activate()).outcome).toMatchObject({ host: null, reply: { type: 'unreachable', detail: expect.stringContaining('https') as unknown } });
    expect(activations()).toEqual([]);
  });

  it('confirmed again, on the same machine, uses none; after a large change of hardware it draws another', async () => {
    const machine = await activated();
    authority.allowances.set(key.keyId, 5);
    await machine.activate();
    hardware = made('a new board');
    await machine.activate();
    expect(left()).toBe(5);
    hardware = made('a new board', 'a new processor', 'new memory', 'a new disk');
    expect(await machine.status()).toMatchObject({ status: 'unlicensed', reason: 'hardware-changed' });
    expect(await machine.verify()).toMatchObject({ verified: false, reason: 'hardware-changed' });
    await machine.tick();
    expect(left()).toBe(4);
    expect(await machine.status()).toMatchObject({ status: 'licensed', permanent: true });
  });

  it('changes its method by its key: the running lease counts until the permanent one is there, and the way back is open', async () => {
    const machine = await open();
    await machine.activate();
    expect(await machine.status()).toMatchObject({ status: 'licensed', method: 'volume', permanent: false });
    authority.moods.push('busy');
    await machine.installKey(key.key);
    await machine.tick();
    expect(await machine.status()).toMatchObject({ status: 'licensed', method: 'multiple', permanent: false, leaseId: host.received[0]?.issued });
    clock.advance(2 * HOUR_SECONDS);
    await machine.tick();
    expect(await machine.status()).toMatchObject({ permanent: true });

    expect(await machine.removeKey()).toMatchObject({ ending: key.ending });
    expect(await machine.status()).toMatchObject({ status: 'licensed', method: 'volume', permanent: false, key: null });
    const setup = setupKeyOf({ root: vendor.rootKey.publicJwk, product: PRODUCT });
    expect(await machine.installKey(setup.key)).toMatchObject({ installed: true, key: { kind: 'setup' } });
    const before = authority.asked.length;
    expect(await machine.installKey(key.key)).toMatchObject({ installed: true, reapplied: true });
    expect(await machine.status()).toMatchObject({ permanent: true, nextContactMs: null });
    expect(authority.asked.length).toBe(before);
  });

  it('with another key keeps the lease that it has until the new key brings its own', async () => {
    const machine = await activated();
    authority.moods.push('busy');
    expect(await machine.installKey(otherKey.key)).toMatchObject({ reapplied: false });
    await machine.tick();
    expect(await machine.status()).toMatchObject({ permanent: true, key: { ending: otherKey.ending } });
    clock.advance(2 * HOUR_SECONDS);
    await machine.tick();
    expect([left(), authority.allowances.get(otherKey.keyId)]).toEqual([0, 0]);
  });

  it('goes by the signed lease: neither another machine nor another state of the file makes it good', async () => {
    await activated();
    const file = join(dir, 'permanent', `${PRODUCT}.json`);
    const state = JSON.parse(readFileSync(file, 'utf8')) as { lease: { hardware: HardwareEvidence } };
    hardware = made('b', 'p', 'm', 'd', 'n');
    writeFileSync(file, JSON.stringify({ ...state, lease: { ...state.lease, hardware } }));
    expect(await (await open()).status()).toMatchObject({ status: 'unlicensed', reason: 'lease-not-believed' });
    expect(await (await open()).verify()).toMatchObject({ verified: false, reason: 'other-hardware' });
  });

  it('without a way to the authority hands its request over, and takes the lease from whoever brings it', async () => {
    const machine = await open();
    const { request, digest } = await machine.installationRequest();
    expect(digest).toBe(digestOf(request));
    expect((await machine.installationRequest()).request).toBe(request);
    expect(JSON.stringify((await verifyInstallationRequest(request)).payload)).not.toContain('ws-01');
    const lease = await authority.obtain(request);
    expect(await machine.confirm(`${lease.slice(0, -8)}AAAAAAAA`)).toMatchObject({ applied: false });
    expect(await machine.confirm(lease)).toMatchObject({ applied: true });
    expect(await machine.status()).toMatchObject({ permanent: true, key: null, nextContactMs: null });
    const elsewhere = await openMachine({ dir: join(dir, 'elsewhere'), product: PRODUCT, root: vendor.rootKey.publicJwk, hardware: () => hardware, clock });
    expect(await elsewhere.confirm(lease)).toMatchObject({ applied: false, reason: 'not-meant-for-this' });
  });

  it('loses no permanent lease by a root key that was named wrongly for a while', async () => {
    await activated();
    const wrong = await openMachine({ dir, product: PRODUCT, root: (await aVendor({ seed: 'another vendor' })).rootKey.publicJwk, hardware: () => hardware, clock });
    expect((await wrong.status()).permanent).toBe(false);
    await wrong.removeKey();
    await wrong.installKey(key.key);
    await wrong.activate();
    expect((await (await open()).status()).permanent).toBe(true);
  });

  it('that was generalized has neither key nor lease', async () => {
    await activated();
    openMachineDirectory(dir).generalize();
    expect(await (await open()).status()).toMatchObject({ method: 'volume', key: null, permanent: false, reason: 'never-asked' });
  });
});
