import { createPublicKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import forge from 'node-forge';
import { signLease, signReceipt } from '../index.js';
import type { PublicJwk } from '../index.js';
import { aVendor, leaseClaims, receiptClaims } from './tokens.fixture.js';

/**
 * A JWS verifier as a stranger would write it from RFC 7515 and RFC 8037, over an Ed25519 of another origin:
 * node-forge's is plain JavaScript (after TweetNaCl) and shares no code with jose, node:crypto or OpenSSL.
 */
const verifyIndependently = (token: string, key: PublicJwk): { readonly header: unknown; readonly claims: unknown } => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const decode = (part: string): string => forge.util.decode64(part.replaceAll('-', '+').replaceAll('_', '/').padEnd(Math.ceil(part.length / 4) * 4, '='));
  const good = forge.pki.ed25519.verify({ message: `${header}.${payload}`, encoding: 'utf8', signature: decode(signature), publicKey: decode(key.x) });
  if (!good) throw new Error('the signature does not verify');
  return { header: JSON.parse(forge.util.decodeUtf8(decode(header))), claims: JSON.parse(forge.util.decodeUtf8(decode(payload))) };
};

describe('another implementation of JOSE', () => {
  it('verifies leases and receipts, and the certificate in their chain', async () => {
    const vendor = await aVendor();
    const { hostKey, rootKey, certificate } = vendor;
    const lease = verifyIndependently(await signLease(leaseClaims(vendor), hostKey), hostKey.publicJwk);
    expect(lease).toEqual({ header: { alg: 'EdDSA', typ: 'muster-lease+jwt', kid: hostKey.id }, claims: leaseClaims(vendor) });
    const receipt = verifyIndependently(await signReceipt(receiptClaims(vendor), hostKey), hostKey.publicJwk);
    expect(receipt).toEqual({ header: { alg: 'EdDSA', typ: 'muster-receipt+jwt', kid: hostKey.id }, claims: receiptClaims(vendor) });
    expect(verifyIndependently(certificate.jws, rootKey.publicJwk).claims).toEqual(certificate.claims);
  });

  it('verifies them as a library that many use does', async () => {
    const vendor = await aVendor();
    const { hostKey } = vendor;
    const key = createPublicKey({ key: { ...hostKey.publicJwk }, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
    const atIssue = leaseClaims(vendor).iat * 1000;
    const verify = (checkTyp: string) => createVerifier({ key, algorithms: ['EdDSA'], checkTyp, clockTimestamp: atIssue });
    expect(verify('muster-lease+jwt')(await signLease(leaseClaims(vendor), hostKey))).toEqual(leaseClaims(vendor));
    expect(verify('muster-receipt+jwt')(await signReceipt(receiptClaims(vendor), hostKey))).toEqual(receiptClaims(vendor));
  });

  it('refuses them under another key', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    expect(() => verifyIndependently(lease, vendor.rootKey.publicJwk)).toThrow('does not verify');
  });
});
