import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { aKey, TEST_START_MS } from '@muster/testing';
import { verifyHostActivationRequest } from '@muster/trust';
import { dropRequest, keptRequest } from './kept-request.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-request-'));
const path = join(dir, 'request.jws');
afterEach(() => dropRequest(path));
afterAll(() => rmSync(dir, { recursive: true }));

const installed = { keyId: aKey('a host key').id, keyEnding: 'AB3DE', policiesDigest: aKey('policies').id };
const wish = { hostKey: aKey('a host'), installed, nowMs: TEST_START_MS };
const later = (seconds: number) => ({ ...wish, nowMs: TEST_START_MS + seconds * SECOND_MS });

it('a request is the same one until it has its answer, so that a lost answer uses up no activation', async () => {
  const request = await keptRequest(path, wish);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(await verifyHostActivationRequest(request)).toMatchObject({ host: wish.hostKey.id, payload: { keyId: installed.keyId, policies: installed.policiesDigest } });
  expect(await keptRequest(path, later(DAY_SECONDS))).toBe(request);
  dropRequest(path);
  expect(await keptRequest(path, wish)).not.toBe(request);
});

it.each<[string, () => Parameters<typeof keptRequest>[1]]>([
  ['other policies', () => ({ ...wish, installed: { ...installed, policiesDigest: aKey('newer policies').id } })],
  ['another host key', () => ({ ...wish, installed: { ...installed, keyId: aKey('another host key').id } })],
  ['another key pair', () => ({ ...wish, hostKey: aKey('another host') })],
  ['a week later', () => later(7 * DAY_SECONDS)],
])('it is another one for %s', async (_, other) => {
  const request = await keptRequest(path, wish);
  expect(await keptRequest(path, other())).not.toBe(request);
});

it('what cannot be read is replaced', async () => {
  writeFileSync(path, 'torn');
  expect(await keptRequest(path, wish)).toBe(await keptRequest(path, wish));
});
