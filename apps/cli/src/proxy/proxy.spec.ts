import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMachine } from '@muster/client';
import { aKey, anActivationKey } from '@muster/testing';
import { writePublicKeyFile } from '@muster/trust';
import { readRequests } from '../authority/confirm/read-input.js';
import { confirmMachine, installationCode } from '../machine/installation.js';
import { activate } from '../machine/activate.js';
import { installKey, removeKey, showSetupKey } from '../machine/keys.js';
import { runMachine } from '../machine/run.js';
import { showExpiry, showMachine } from '../machine/show.js';
import { verifyMachine } from '../machine/verify.js';
import { renewMachine } from '../machine/contact-commands.js';
import { painter } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';
import { applyCollection } from './apply.js';
import { collectRequests } from './collect.js';
import { readCollection } from './collection.js';
import { isolatedNetwork, type IsolatedNetwork } from './isolated-network.fixture.js';
import { obtainLeases } from './obtain.js';
import { showCollection } from './show.js';

const PRODUCT = 'acme.workstation';
const key = anActivationKey('multiple');
const paint = painter(false);

describe('multiple activation keys on the command line', () => {
  let network: IsolatedNetwork;
  let place: string;
  let root: string;
  let collection: string;
  let lines: string[];

  const terminal = (json = false): Terminal => {
    lines = [];
    const say = (line: string): void => void lines.push(line);
    return { json, verbose: false, watched: false, data: say, note: say, progress: () => undefined, paint, paintData: paint };
  };
  const said = (): string => lines.join('\n');

  beforeEach(async () => {
    network = await isolatedNetwork();
    network.allowances.set(key.keyId, 3);
    place = mkdtempSync(join(tmpdir(), 'muster-proxy-'));
    root = join(place, 'root.json');
    collection = join(place, 'collection.json');
    await writePublicKeyFile(root, network.vendor.rootKey.publicJwk);
  });
  afterEach(async () => {
    await network.close();
    rmSync(place, { recursive: true });
  });

  const machineOptions = (name: string) => ({ dir: join(place, name), product: PRODUCT, root, hostname: name, host: network.url });
  const leave = (name: string) => installationCode({ ...machineOptions(name), leave: true }, terminal());
  const obtain = (options: { readonly key?: string } = {}) => obtainLeases(collection)({ authority: network.url, key: key.key, ...options }, terminal());
  const collect = (options: { readonly withoutPersonalData?: boolean } = {}) => collectRequests([])({ output: collection, host: network.url, ...options }, terminal());
  const apply = (options: { readonly output?: string } = {}) => applyCollection(collection)({ ...(options.output === undefined ? { host: network.url } : {}), ...options }, terminal());
  const once = (name: string) => runMachine({ ...machineOptions(name), once: true }, terminal());

  it('activate a machine for good, which then has nothing to renew', async () => {
    const options = { ...machineOptions('ws-01'), authority: network.url };
    expect(await installKey(key.key)(options, terminal())).toBe(0);
    expect(said()).not.toContain(key.key);
    expect(await activate(options, terminal())).toBe(0);
    expect(said()).toMatch(/activated for good by .* \(one activation was used, 2 left\)/);
    const { dir } = options;
    expect(await showExpiry({ dir, root }, terminal())).toBe(0);
    expect(said()).toBe(`${PRODUCT}  licensed, permanent`);
    await showMachine({ dir, root, detail: true }, terminal());
    expect(said()).toContain(`key ending ${key.ending}`);
    expect(said()).not.toContain(key.key);
    await showMachine({ dir, root }, terminal(true));
    expect(JSON.parse(said())).toMatchObject({ products: [{ permanent: true, method: 'multiple', key: { kind: 'multiple', ending: key.ending } }] });
    expect(await verifyMachine({ dir, root }, terminal())).toBe(0);
    expect(said()).toContain('permanent lease');
    const asked = network.asked.filter((path) => path.startsWith('POST')).length;
    expect(await renewMachine({ dir, root }, terminal())).toBe(0);
    expect(await runMachine({ dir, root, once: true }, terminal())).toBe(0);
    expect(network.asked.filter((path) => path.startsWith('POST')).length).toBe(asked);
    await removeKey({ dir, root }, terminal());
    expect(said()).toContain('by volume again');
    expect(await showMachine({ dir, root }, terminal())).toBe(6);
    expect(await installKey(key.key)({ dir, root }, terminal())).toBe(0);
    expect(said()).toContain('nobody was asked');
  });

  it('name the group that was mistyped, and send nothing', async () => {
    const typed = key.key.replace(/-(.)(....)-/, (_group, first: string, rest: string) => `-${first === 'Z' ? 'Y' : 'Z'}${rest}-`);
    await expect(installKey(typed)({ ...machineOptions('ws-01'), authority: network.url }, terminal())).rejects.toMatchObject({ reason: 'usage', message: expect.stringContaining('key-misread') as unknown });
    await expect(obtainLeases(collection)({ authority: network.url, key: typed }, terminal())).rejects.toMatchObject({ reason: 'usage' });
    await expect(installKey(key.key)({ ...machineOptions('ws-01'), authority: 'http://authority.example' }, terminal())).rejects.toMatchObject({ reason: 'usage' }); // the key would be readable on its way
    expect(network.asked).toEqual([]);
  });

  it('install a key for one product: on several it would be drawn on for each', async () => {
    await leave('ws-01');
    await installationCode({ ...machineOptions('ws-01'), product: 'acme.server', leave: true }, terminal());
    const { product: _product, ...both } = machineOptions('ws-01');
    await expect(installKey(key.key)(both, terminal())).rejects.toMatchObject({ reason: 'usage', message: expect.stringContaining('--product') as unknown });
    expect(await installKey(key.key)(machineOptions('ws-01'), terminal())).toBe(0);
  });

  it('tell the setup key, by which a product is put back to volume', async () => {
    await installKey(key.key)(machineOptions('ws-01'), terminal());
    await showSetupKey(machineOptions('ws-01'), terminal(true));
    const [{ setupKey = '' } = {}] = JSON.parse(said()) as { readonly setupKey?: string }[];
    expect(await installKey(setupKey)(machineOptions('ws-01'), terminal())).toBe(0);
    await showMachine({ ...machineOptions('ws-01'), detail: true }, terminal());
    expect(said()).toContain('volume: a lease of a host');
  });

  it('activate isolated machines through the host: collected, obtained elsewhere, applied, fetched', async () => {
    for (const name of ['ws-01', 'ws-02']) expect(await leave(name)).toBe(0);
    expect(await collect()).toBe(0);
    expect(readCollection(collection).entries.map(({ hostname }) => hostname).sort()).toEqual(['ws-01', 'ws-02']);
    expect(statSync(collection).mode & 0o777).toBe(0o600);
    expect(await obtain()).toBe(0);
    expect(readFileSync(collection, 'utf8')).not.toContain(key.key);
    expect(await obtain()).toBe(0); // nothing is left to ask
    expect(network.allowances.get(key.keyId)).toBe(1);
    expect(await apply()).toBe(0);
    expect(said()).toContain('2 confirmed now, 0 before');
    expect(await apply()).toBe(0);
    expect(said()).toContain('0 confirmed now, 2 before');
    for (const name of ['ws-01', 'ws-02']) expect(await leave(name)).toBe(0); // asks the host again
    expect(await once('ws-01')).toBe(0);
    expect(await showExpiry({ dir: join(place, 'ws-02'), root }, terminal())).toBe(0);
    await showCollection(collection)({ detail: true }, terminal());
    expect(said()).toMatch(/obtained/);
  });

  it('go on where it was broken off, and draw nothing twice', async () => {
    for (let index = 0; index < 3; index += 1) await leave(`ws-${index}`);
    await collect();
    network.batchesMax = 0;
    await expect(obtain()).rejects.toMatchObject({ reason: 'unreachable' });
    network.batchesMax = 1;
    expect(await obtain()).toBe(0);
    await collect(); // again, over what was paid for
    expect(readCollection(collection).entries.every(({ outcome }) => outcome.status === 'obtained')).toBe(true);
    expect(network.allowances.get(key.keyId)).toBe(0);
  });

  it('say which machines are refused, and obtain these once the allowance is raised', async () => {
    network.allowances.set(key.keyId, 1);
    for (const name of ['ws-01', 'ws-02']) await leave(name);
    await collect();
    expect(await obtain()).toBe(8);
    expect(said()).toMatch(/ws-0\d: The allowance is spent\. \(allowance-exhausted\)/);
    network.allowances.set(key.keyId, 1);
    expect(await obtain()).toBe(0);
    await expect(obtain({ key: anActivationKey('multiple', 'unknown').key })).resolves.toBe(0);
  });

  it('draw nothing for a collection that somebody changed since', async () => {
    for (const name of ['ws-01', 'ws-02']) await leave(name);
    await collect();
    const intact = readFileSync(collection, 'utf8');
    const { entries } = readCollection(collection);
    for (const change of [{ product: 'acme.server' }, { machine: entries[1]?.machine }, { request: entries[1]?.request }]) {
      writeFileSync(collection, JSON.stringify({ ...(JSON.parse(intact) as object), entries: [{ ...entries[0], ...change }, entries[1]] }));
      await expect(obtain()).rejects.toMatchObject({ reason: 'conflict', message: expect.stringContaining('not what the machine signed') as unknown });
    }
    expect(network.allowances.get(key.keyId)).toBe(3);
    writeFileSync(collection, intact);
    expect(await obtain()).toBe(0);
  });

  it('activate a machine without any network, by files alone', async () => {
    const file = join(place, 'request.json');
    const options = { dir: join(place, 'island'), product: PRODUCT, root };
    expect(await installationCode({ ...options, hostname: '../../etc/island', output: file }, terminal())).toBe(0);
    expect(await collectRequests([file])({ output: collection }, terminal())).toBe(0);
    await obtain();
    const out = join(place, 'leases');
    expect(await apply({ output: out })).toBe(0);
    const [leaseFile = ''] = readdirSync(out);
    expect(readdirSync(out)).toEqual([expect.stringMatching(/^_etc_island\./)]);
    const { id } = await openMachine({ dir: join(place, 'other'), product: PRODUCT, root: network.vendor.rootKey.publicJwk });
    expect(id).not.toBe('');
    await expect(confirmMachine(join(out, leaseFile))({ dir: join(place, 'other'), root }, terminal())).rejects.toMatchObject({ reason: 'conflict' });
    expect(await confirmMachine(join(out, leaseFile))({ dir: options.dir, root }, terminal())).toBe(0);
    expect(await showMachine({ dir: options.dir, root }, terminal())).toBe(0);
  });

  it("take a clerk's answer for many machines, each its own of it", async () => {
    const [mine, other] = [join(place, 'mine.json'), join(place, 'other.json')];
    for (const [name, output] of [['mine', mine], ['other', other]] as const) await installationCode({ ...machineOptions(name), output }, terminal());
    const requests = [mine, other].flatMap(readRequests);
    const confirmed = await fetch(`${network.url}/v1/machine-confirmations`, { method: 'POST', body: JSON.stringify({ key: key.key, requests }) });
    const { confirmations } = (await confirmed.json()) as { readonly confirmations: readonly object[] };
    const file = join(place, 'confirmations.json');
    writeFileSync(file, JSON.stringify({ confirmations }));
    for (const name of ['mine', 'other']) expect(await confirmMachine(file)({ dir: join(place, name), root }, terminal())).toBe(0);
    writeFileSync(file, JSON.stringify({ confirmations: confirmations.slice(0, 1) }));
    await expect(confirmMachine(file)({ dir: join(place, 'other'), root }, terminal())).rejects.toThrow(/holds nothing for machine/);
    await collectRequests([mine, other])({ output: collection }, terminal());
    expect([...readRequests(collection)].sort()).toEqual([...requests].sort());
  });

  it('without personal data can only be handed back where it came from', async () => {
    await leave('ws-01');
    await collect({ withoutPersonalData: true });
    expect(readFileSync(collection, 'utf8')).not.toContain('ws-01');
    await obtain();
    await expect(apply({ output: join(place, 'leases') })).rejects.toThrow(/only be handed back where it came from/);
    const own = network.host;
    network.host = aKey('another host').id;
    await expect(apply()).rejects.toThrow(/came from host/);
    network.host = own;
    expect(await apply()).toBe(0);
  });
});
