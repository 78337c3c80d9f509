import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivationKeys } from '@muster/contracts';
import { anActivationKey } from '@muster/testing';
import { writeRunFile } from '../data-dir/run-file.js';
import { authorityPaths } from './access/authority-dir.js';
import { findAuthority } from './access/find-authority.js';
import { parseCatalogue } from './catalogue/read-catalogue.js';
import { readRequests } from './confirm/read-input.js';
import { makeVendor, renewIntermediate } from './init/vendor-keys.js';
import { findKey } from './keys/find-key.js';
import { keyLines } from './keys/key-lines.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-cli-authority-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const EXAMPLE = new URL('../../../../deploy/catalogue.example.json', import.meta.url);

describe('a catalogue file', () => {
  const example = (): Record<string, unknown> => JSON.parse(readFileSync(EXAMPLE, 'utf8')) as Record<string, unknown>;
  const issuesOf = (value: unknown): readonly string[] => {
    const read = parseCatalogue(typeof value === 'string' ? value : JSON.stringify(value));
    return 'issues' in read ? read.issues : [];
  };

  it('ships as an example, which is good', () => {
    expect(issuesOf(example())).toEqual([]);
  });

  it('is told all that is wrong with it, and where', () => {
    const [first, ...others] = example()['products'] as object[];
    expect(issuesOf({ ...example(), certificateDays: 0, products: [{ ...first, threshold: 0 }, ...others] })).toEqual([expect.stringMatching(/^\/products\/0\/threshold: /), expect.stringMatching(/^\/certificateDays: /)]);
    expect(issuesOf({ ...example(), pools: [{ name: 'other', countWindowSeconds: 1, countVirtualMachines: false }] })).toHaveLength(3);
    expect(issuesOf('{')).toEqual([expect.stringMatching(/^it is not JSON: /)]);
  });
});

describe('a vendor', () => {
  it('is made once; its intermediate is renewed by the root that was brought back', async () => {
    const made = await makeVendor(dir, { vendor: 'acme', days: 10 });
    await expect(makeVendor(dir, { vendor: 'acme', days: 10 })).rejects.toMatchObject({ reason: 'conflict' });
    const { rootPrivate, intermediate } = authorityPaths(dir);
    const before = readFileSync(intermediate, 'utf8');
    const renewed = await renewIntermediate(dir, { vendor: 'acme', days: 20, root: made.root, rootKeyFile: rootPrivate });
    expect(renewed).toMatchObject({ root: made.root });
    expect([renewed.signer === made.signer, readFileSync(intermediate, 'utf8') === before]).toEqual([false, false]);
  });

  it('does not take another root for its own', async () => {
    const [one, other] = [join(dir, 'one'), join(dir, 'other')];
    const made = await makeVendor(one, { vendor: 'acme', days: 10 });
    await makeVendor(other, { vendor: 'acme', days: 10 });
    const swapped = { vendor: 'acme', days: 1, root: made.root, rootKeyFile: authorityPaths(other).rootPrivate };
    await expect(renewIntermediate(one, swapped)).rejects.toMatchObject({ reason: 'conflict' });
    await expect(renewIntermediate(one, { ...swapped, rootKeyFile: join(dir, 'moved-away') })).rejects.toMatchObject({ reason: 'usage', remedy: expect.stringContaining('--root-key') });
  });
});

describe('the way to the authority', () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env = { ...Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('MUSTER_'))), MUSTER_OPERATOR_TOKEN: 'of-the-host' };
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it('is the one that runs here, with its own token', () => {
    const data = join(dir, '.muster-authority');
    mkdirSync(authorityPaths(data).keys, { recursive: true });
    writeFileSync(authorityPaths(data).intermediate, '');
    expect(() => findAuthority({}, dir)).toThrow(/No authority runs on/);
    writeRunFile(data, { pid: process.pid, startedAt: '', url: 'http://127.0.0.1:8363', parts: [] });
    writeFileSync(authorityPaths(data).operatorToken, 'of-the-authority\n');
    expect(findAuthority({}, dir)).toEqual({ url: 'http://127.0.0.1:8363', token: 'of-the-authority', trust: undefined });
    writeRunFile(data, { pid: process.pid, startedAt: '', url: 'https://127.0.0.1:8363', certificate: 'AB:CD', parts: [] });
    expect(findAuthority({}, dir)).toEqual({ url: 'https://127.0.0.1:8363', token: 'of-the-authority', trust: { fingerprint: 'AB:CD' } });
    expect(findAuthority({ authority: 'https://vendor.example' }, dir)).toEqual({ url: 'https://vendor.example', token: undefined, trust: undefined });
  });

  it("never takes a host's token along, and no open road", () => {
    expect(findAuthority({ authority: 'https://vendor.example' }, dir)).toEqual({ url: 'https://vendor.example', token: undefined, trust: undefined });
    process.env['MUSTER_AUTHORITY_TOKEN'] = 'of-the-authority';
    expect(findAuthority({ authority: 'https://vendor.example' }, dir).token).toBe('of-the-authority');
    expect(() => findAuthority({ authority: 'http://vendor.example' }, dir)).toThrow(/readable by others/);
  });
});

describe('keys', () => {
  const id = (letter: string): string => letter.repeat(42) + 'A';
  const common = { organisation: 'example', revoked: false, issuedAt: '2026-01-05T08:00:00.000Z' };
  const use = { host: id('h'), activations: 2, lastSerial: 2, certificateId: '00000000-0000-4000-8000-000000000001', expiresAt: common.issuedAt };
  const keys: ActivationKeys = {
    hostKeys: [{ ...common, keyId: id('a'), keyEnding: 'AAAAA', coversGroup: 'servers', hostsMax: 6, activationsPerHostMax: 10, hosts: [use] }],
    multipleActivationKeys: [
      { ...common, keyId: id('b'), keyEnding: 'BBBBB', group: 'workstations', allowance: 10, used: 3, remaining: 7 },
      { ...common, keyId: id('c'), keyEnding: 'AAAAA', group: 'workstations', allowance: 1, used: 1, remaining: 0, revoked: true },
    ],
    position: 4,
  };

  it('are named by their last group, in whatever letters, or by their id', () => {
    expect(findKey(keys, 'bbbbb')).toMatchObject({ kind: 'multiple', entry: { keyId: id('b') } });
    expect(findKey(keys, id('a'))).toMatchObject({ kind: 'host' });
    expect(() => findKey(keys, 'CCCCC')).toThrow(/No key has the id or the ending CCCCC/);
    expect(() => findKey(keys, 'AAAAA')).toThrow(/2 keys end in AAAAA/);
  });

  it('are found by the whole key, too, which is then shown to nobody', () => {
    const key = anActivationKey('multiple');
    const own = { ...keys, multipleActivationKeys: keys.multipleActivationKeys.slice(0, 1).map((entry) => ({ ...entry, keyId: key.keyId })) };
    expect(findKey(own, key.key.toLowerCase())).toMatchObject({ kind: 'multiple', entry: { keyId: key.keyId } });
    expect(() => findKey(keys, key.key)).toThrow(`ending ${key.keyId}`);
    const misread = key.key.replace(/-(.)/, (_group, first: string) => `-${first === 'Z' ? 'Y' : 'Z'}`);
    expect(() => findKey(own, misread)).toThrow(/key-misread/);
  });

  it('are shown with what is left of them', () => {
    const lines = keyLines(keys);
    expect(lines[1]).toMatch(/^…-AAAAA +example +servers +1 of 6 +2 \(10 each\) +in use$/);
    expect(lines.slice(4)).toEqual([expect.stringMatching(/^…-BBBBB .*3 of 10 +7 +in use$/), expect.stringMatching(/^…-AAAAA .*1 of 1 +0 +revoked$/)]);
    expect(keyLines({ hostKeys: [], multipleActivationKeys: [] })).toEqual(['No key was issued yet.']);
  });
});

it('requests are read from lines and from a collection', () => {
  const [one, two] = ['a.b.c', 'd.e.f'];
  const read = (text: string): readonly string[] => {
    writeFileSync(join(dir, 'requests'), text);
    return readRequests(join(dir, 'requests'));
  };
  expect(read(`${one}\n${two}\n`)).toEqual([one, two]);
  expect(read(JSON.stringify({ requests: [{ request: one, hostname: 'ws-1' }, { request: two }] }))).toEqual([one, two]);
  expect(() => read('what is this')).toThrow(/not a list of signed requests/);
  expect(() => read('{"requests": [')).toThrow(/not a list of signed requests/);
});
