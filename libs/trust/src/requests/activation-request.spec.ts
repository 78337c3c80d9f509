import { createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import type { Problem } from '@muster/kernel';
import fc from 'fast-check';
import { CompactSign, compactVerify, EmbeddedJWK } from 'jose';
import { contentDigestOf, generateKeyPair, signActivationRequest, signLease, verifyActivationRequest } from '../index.js';
import { aVendor, forge, leaseClaims } from '../tokens/tokens.fixture.js';

const key = generateKeyPair();
const header = { alg: 'EdDSA', typ: 'muster-activation-request+jwt', jwk: key.publicJwk };
const payload: ActivationRequestPayload = {
  jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10',
  iat: 1_767_600_000,
  product: 'acme.workstation',
  machine: { hostname: 'ws-01', virtual: false },
};

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const problemOf = async (token: string | Uint8Array): Promise<Problem> => {
  const outcome: unknown = await verifyActivationRequest(token).then(
    () => 'believed',
    (error: unknown) => error,
  );
  if (!isProblem(outcome)) throw new Error('expected a problem', { cause: outcome });
  return outcome;
};

const pointerOf = async (token: string): Promise<unknown> => {
  const problem = await problemOf(token);
  expect(problem.kind).toBe('malformed-request');
  return problem.extensions.pointer;
};

describe("a machine's request", () => {
  it('is verified under the key that it brings, and named by it', async () => {
    const token = await signActivationRequest({ key, payload });
    const expected = { machine: key.id, payload, contentDigest: contentDigestOf({ kind: 'activation', product: 'acme.workstation', virtual: false, citedLease: null, evidence: null }) };
    expect(await verifyActivationRequest(token)).toEqual(expected);
    expect(await verifyActivationRequest(Buffer.from(token))).toEqual(expected);
  });

  it('is believed by jose when made here, and believed here when made by jose', async () => {
    const made = await signActivationRequest({ key, payload });
    const { payload: seen, protectedHeader } = await compactVerify(made, EmbeddedJWK, { algorithms: ['EdDSA'] });
    expect(JSON.parse(Buffer.from(seen).toString())).toEqual(payload);
    expect(protectedHeader).toEqual(header);

    const theirs = await new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(key.privateKey);
    expect((await verifyActivationRequest(theirs)).payload).toEqual(payload);
  });

  it('says the same of its content under another moment, id and host name, and something else once what decides differs', async () => {
    const digestFor = async (changes: Partial<ActivationRequestPayload>) =>
      (await verifyActivationRequest(await signActivationRequest({ key, payload: { ...payload, ...changes } }))).contentDigest;
    const same = await digestFor({});
    const lease = Buffer.alloc(32, 1).toString('base64url');
    expect(await digestFor({ iat: 5, jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a11', machine: { hostname: 'renamed', virtual: false } })).toBe(same);
    const others = [await digestFor({ product: 'acme.server' }), await digestFor({ machine: { hostname: 'ws-01', virtual: true } }), await digestFor({ lease }), await digestFor({ evidence: [{ table: 'SLIC', status: 'absent' }] })];
    expect(new Set([same, ...others]).size).toBe(5);
  });

  it('has a content digest that is frozen: stored ones are compared with it', () => {
    expect(contentDigestOf({ kind: 'activation', product: 'acme.server', virtual: true, citedLease: null, evidence: null })).toBe('P9UiB2ITxz36-N85Mjs89Nhz_ci8BtlvPIqXBli0viA');
    const evidence = [{ table: 'SLIC', status: 'present', oemId: 'ACRSYS', oemTableId: 'ACRPRDCT', marker: 'WINDOWS' } as const];
    expect(contentDigestOf({ kind: 'activation', product: 'acme.server', virtual: true, citedLease: null, evidence })).toBe('FOE-Kw5XtN373E3H_SUu0Xp3OjRVsVS5UNdw1Rtcx-o');
  });

  it.each([
    ['no dots', 'abc'],
    ['empty', ''],
    ['two parts', 'e30.e30'],
    ['four parts', 'e30.e30.AA.AA'],
    ['padding', `${encode(header)}=.e30.AA`],
    ['a trailing newline', `${encode(header)}.${encode(payload)}.AA\n`],
    ['the other base64 alphabet', `${encode(header)}.${encode(payload)}.++//`],
  ])('is malformed when it is not three base64url parts: %s', async (_, token) => {
    expect((await problemOf(token)).kind).toBe('malformed-request');
  });

  it.each<[string, object | string, string]>([
    ['alg none', { ...header, alg: 'none' }, '/header/alg'],
    ['an HMAC', { ...header, alg: 'HS256' }, '/header/alg'],
    ['another type', { ...header, typ: 'muster-lease+jwt' }, '/header/typ'],
    ['no type', { alg: header.alg, jwk: header.jwk }, '/header/typ'],
    ['crit', { ...header, crit: ['b64'], b64: false }, '/header/crit'],
    ['kid', { ...header, kid: key.id }, '/header/kid'],
    ['jku', { ...header, jku: 'https://example.test/keys' }, '/header/jku'],
    ['x5u', { ...header, x5u: 'https://example.test/chain' }, '/header/x5u'],
    ['a key of another curve', { ...header, jwk: { ...key.publicJwk, crv: 'X25519' } }, '/header/jwk/crv'],
    ['a key of another type', { ...header, jwk: { ...key.publicJwk, kty: 'EC' } }, '/header/jwk/kty'],
    ['a private key', { ...header, jwk: { ...key.publicJwk, d: key.publicJwk.x } }, '/header/jwk/d'],
    ['a short key', { ...header, jwk: { ...key.publicJwk, x: 'AAAA' } }, '/header/jwk/x'],
    ['an own __proto__', `{"__proto__":{},${JSON.stringify(header).slice(1)}`, '/header/__proto__'],
    ['no JSON', '{', '/header'],
    ['null', 'null', '/header'],
  ])('is malformed, by name, for a header with %s', async (_, bad, pointer) => {
    const signed = `${encode(bad)}.${encode(payload)}`;
    const token = `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
    expect(await pointerOf(token)).toBe(pointer);
  });

  it.each<[string, unknown, string]>([
    ['an unknown member', { ...payload, colour: 'red' }, '/payload/colour'],
    ['an upper-case id', { ...payload, jti: payload.jti.toUpperCase() }, '/payload/jti'],
    ['a fractional time', { ...payload, iat: 1.5 }, '/payload/iat'],
    ['no product', { ...payload, product: undefined }, '/payload/product'],
    ['control characters', { ...payload, machine: { hostname: 'a\u0000b', virtual: false } }, '/payload/machine/hostname'],
    ['a member that needs escaping', { ...payload, machine: { ...payload.machine, 'a/b~c': 1 } }, '/payload/machine/a~1b~0c'],
    ['a list', [], '/payload'],
  ])('is malformed, by name, for a payload with %s', async (_, bad, pointer) => {
    expect(await pointerOf(forge(header, bad, key))).toBe(pointer);
  });

  it('is malformed when its payload is not UTF-8, and when it is deep', async () => {
    const bytes = Buffer.from(canonicalJson(payload).replace('ws-01', 'ws-é'), 'latin1');
    expect(await pointerOf(`${encode(header)}.${bytes.toString('base64url')}.AA`)).toBe('/payload');
    expect(await pointerOf(`${encode(header)}.${encode('['.repeat(6000))}.AA`)).toBe('/payload');
    expect(await pointerOf(`${encode(header)}.${encode(`${'['.repeat(6000)}${']'.repeat(6000)}`)}.AA`)).toBe('/payload');
  });

  it('cannot make a pointer of any length', async () => {
    expect(String(await pointerOf(forge(header, { ...payload, ['x'.repeat(9000)]: 1 }, key))).length).toBeLessThan(150);
  });

  it("does not verify under another machine's key", async () => {
    const stolen = forge({ ...header, jwk: generateKeyPair().publicJwk }, payload, key);
    expect((await problemOf(stolen)).kind).toBe('signature-invalid');
  });

  it.each(['', 'AA', Buffer.alloc(63).toString('base64url'), Buffer.alloc(65).toString('base64url')])('does not verify with a signature of another length: "%s"', async (signature) => {
    const problem = await problemOf(`${encode(header)}.${encode(payload)}.${signature}`);
    expect(problem.kind).toBe('signature-invalid');
  });

  it('does not verify with S + L in the place of S (RFC 8032 section 5.1.7)', async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const token = forge(header, payload, key);
    const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url');
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
    const respelt = Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()]);
    expect((await problemOf(`${token.split('.').slice(0, 2).join('.')}.${respelt.toString('base64url')}`)).kind).toBe('signature-invalid');
  });

  it('has one spelling: the unused bits of its last character are not free', async () => {
    const token = forge(header, payload, key);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelt = token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(token.slice(-1)) + 1);
    expect(Buffer.from(respelt.split('.')[2] ?? '', 'base64url')).toEqual(Buffer.from(token.split('.')[2] ?? '', 'base64url'));
    expect((await problemOf(respelt)).kind).toBe('malformed-request');
  });

  it('cannot be a lease', async () => {
    const vendor = await aVendor();
    expect((await problemOf(await signLease(leaseClaims(vendor), vendor.hostKey))).kind).toBe('malformed-request');
  });

  it('fails with any one byte of it changed', async () => {
    const token = await signActivationRequest({ key, payload });
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(token);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(['malformed-request', 'signature-invalid']).toContain((await problemOf(bytes)).kind);
      }),
      { numRuns: 400 },
    );
  });

  it('never crashes on arbitrary bytes', async () => {
    const part = fc.oneof(fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64url')), fc.json().map(encode), fc.constant(encode(header)), fc.string());
    await fc.assert(fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => expect(['malformed-request', 'signature-invalid']).toContain((await problemOf(parts.join('.'))).kind)));
  });
});

describe('a key that names nobody', () => {
  const lowOrder = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ];
  /** R = the neutral element, S = 0: verifies wherever h·A vanishes, which for a low-order A is one message in at most eight. */
  const nobodysSignature = Buffer.concat([Buffer.from('01'.padEnd(64, '0'), 'hex'), Buffer.alloc(32)]);

  const forgeFor = (hex: string): string => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') };
    const opensslKey = createPublicKey({ key: jwk, format: 'jwk' });
    for (let iat = 1; iat < 1000; iat += 1) {
      const signed = `${encode({ ...header, jwk })}.${encode({ ...payload, iat })}`;
      if (verify(null, Buffer.from(signed), opensslKey, nobodysSignature)) return `${signed}.${nobodysSignature.toString('base64url')}`;
    }
    throw new Error(`${hex} is not of low order after all`);
  };

  it.each(lowOrder)('is refused although OpenSSL believes a signature without a private key: %s', async (hex) => {
    expect((await problemOf(forgeFor(hex))).kind).toBe('signature-invalid');
  });

  it.each(['02'.padEnd(64, '0'), 'f'.repeat(64), `f0${'ff'.repeat(30)}7f`])('is refused, not a crash, when it is no point of the curve: %s', async (hex) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') };
    const token = `${encode({ ...header, jwk })}.${encode(payload)}.${nobodysSignature.toString('base64url')}`;
    expect((await problemOf(token)).kind).toBe('signature-invalid');
  });
});
