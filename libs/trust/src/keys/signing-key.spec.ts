import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { calculateJwkThumbprint, createLocalJWKSet } from 'jose';
import { generateKeyPair, importPrivateKey, jwkSetOf, signingKeyOf, thumbprintOf } from '../index.js';
import { exportPrivateKey } from './signing-key.js';

describe('a signing key', () => {
  it('is named by the RFC 7638 thumbprint that jose computes', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id, publicJwk } = generateKeyPair();
      expect(id).toBe(await calculateJwkThumbprint(publicJwk));
    }
  });

  it('has the thumbprint of RFC 8037 appendix A.3', () => {
    expect(thumbprintOf({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' })).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('never shows its private half', () => {
    const key = generateKeyPair();
    const { d } = exportPrivateKey(key);
    const secretHex = Buffer.from(d, 'base64url').toString('hex');
    for (const shown of [JSON.stringify(key), inspect(key, { depth: Infinity, showHidden: true }), String(key), `${inspect({ nested: [key] }, { depth: 9 })}`]) {
      expect(shown).not.toContain(d);
      expect(shown).not.toContain(secretHex);
    }
  });

  it('is the same key after export and import', () => {
    const key = generateKeyPair();
    expect(importPrivateKey(exportPrivateKey(key)).id).toBe(key.id);
  });

  it('is refused when its public half belongs to another key', () => {
    const { d } = exportPrivateKey(generateKeyPair());
    expect(() => importPrivateKey({ ...generateKeyPair().publicJwk, d })).toThrow('public half belongs to another key');
  });

  it('is refused without quoting it when it is not an Ed25519 private JWK', () => {
    const good = exportPrivateKey(generateKeyPair());
    for (const bad of [null, 'x', {}, { ...good, crv: 'X25519' }, { ...good, d: `${good.d}A` }, { ...good, extra: 1 }, generateKeyPair().publicJwk]) {
      expect(() => importPrivateKey(bad)).toThrow(/^not an Ed25519 private JWK/);
      expect(() => importPrivateKey(bad)).not.toThrow(good.d);
    }
  });

  it('is nothing but Ed25519, and private', () => {
    expect(() => signingKeyOf(generateKeyPairSync('ed448').privateKey)).toThrow('not an Ed25519 private key');
    expect(() => signingKeyOf(generateKeyPairSync('ed25519').publicKey)).toThrow('not an Ed25519 private key');
  });
});

describe('a JWK set', () => {
  it('is one that jose finds keys in', async () => {
    const { id, publicJwk } = generateKeyPair();
    const set = jwkSetOf([generateKeyPair().publicJwk, publicJwk]);
    await expect(createLocalJWKSet(set)({ alg: 'EdDSA', kid: id })).resolves.toBeDefined();
    await expect(createLocalJWKSet(set)({ alg: 'EdDSA', kid: 'another' })).rejects.toThrow();
  });
});
