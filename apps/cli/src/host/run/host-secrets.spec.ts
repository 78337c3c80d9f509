import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busPermissions } from '@muster/contracts';
import { ensureNatsPasswords, natsPasswordFile } from './host-secrets.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-secrets-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('every user of the bus has a password; a directory of an older version gets those that are missing, and keeps its own', async () => {
  const first = await ensureNatsPasswords(dir);
  expect(Object.keys(first).toSorted()).toEqual(Object.keys(busPermissions).toSorted());
  expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
  rmSync(natsPasswordFile(dir, 'dns-registrar')); // as it was before there was a registrar
  const second = await ensureNatsPasswords(dir);
  expect(second).toEqual({ ...first, 'dns-registrar': expect.stringMatching(/^\S{20,}$/) as string });
  expect(readFileSync(natsPasswordFile(dir, 'dns-registrar'), 'utf8').trim()).toBe(second['dns-registrar']);
});
