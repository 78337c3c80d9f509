/** Points whose order divides 8, sign bit cleared. With such a "key" anyone can make a signature that verifies, so it names nobody. */
const lowOrderPoints: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2
]);

const SIGN_BIT = 0x80;
const LAST = 31;
/** p = 2^255 − 19 ends, in little-endian bytes, `ed ff … ff 7f`. */
const FIELD_PRIME_LOW_BYTE = 0xed;

const isCanonical = (y: Buffer): boolean =>
  !(y[LAST] === 0x7f && (y[0] ?? 0) >= FIELD_PRIME_LOW_BYTE && y.subarray(1, LAST).every((byte) => byte === 0xff));

/**
 * Whether 32 bytes may stand for somebody's key: y below the field prime (RFC 8032 section 5.1.3, which OpenSSL does not insist on)
 * and not of low order. Whether they are on the curve at all is found by verifying.
 */
export const mayNameSomebody = (publicKey: Uint8Array): boolean => {
  const y = Buffer.from(publicKey);
  y[LAST] = (y[LAST] ?? 0) & ~SIGN_BIT;
  return isCanonical(y) && !lowOrderPoints.has(y.toString('hex'));
};
