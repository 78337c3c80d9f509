import { sign } from 'node:crypto';
import type { HostCertificateClaims, LeaseClaims, ReceiptClaims } from '@muster/contracts';
import { DAY_SECONDS, isProblem, SECOND_MS } from '@muster/kernel';
import type { DevelopmentVendor, SigningKey, TokenRefusal } from '../index.js';
import { createDevelopmentVendor, generateKeyPair, TokenRefused } from '../index.js';

export const NOW_MS = Date.UTC(2026, 0, 5, 8);
export const NOW = NOW_MS / SECOND_MS;

export const machineKey = generateKeyPair();

export const aVendor = (overrides: Partial<HostCertificateClaims> = {}): Promise<DevelopmentVendor> => createDevelopmentVendor({ nowMs: NOW_MS, overrides });

const decisionClaims = ({ hostKey, certificate }: DevelopmentVendor) => ({
  iss: hostKey.id,
  sub: machineKey.id,
  aud: 'acme.workstation',
  iat: NOW,
  jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10',
  count: 25,
  threshold: 25,
  position: 51,
  head: Buffer.alloc(32, 7).toString('base64url'),
  chain: [certificate.jws],
});

export const leaseClaims = (vendor: DevelopmentVendor, overrides: Partial<LeaseClaims> = {}): LeaseClaims => ({
  ...decisionClaims(vendor),
  exp: NOW + 180 * DAY_SECONDS,
  cnf: { jkt: machineKey.id },
  ...overrides,
});

export const receiptClaims = (vendor: DevelopmentVendor, overrides: Partial<ReceiptClaims> = {}): ReceiptClaims => ({
  ...decisionClaims(vendor),
  outcome: 'deferred',
  count: 7,
  ...overrides,
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any header and payload at all, properly signed by `key`. */
export const forge = (header: object, payload: unknown, key: SigningKey): string => {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
};

/** The reason for which `verification` refuses; fails when it does not. */
export const refusalOf = async (verification: Promise<unknown>): Promise<TokenRefusal> => {
  try {
    await verification;
  } catch (error) {
    if (error instanceof TokenRefused) return error.reason;
    throw error;
  }
  throw new Error('the token was believed');
};

/** `believed`, or the reason of whoever does not: of a token that is refused, or of a request that is a problem. */
export const outcomeOf = (verification: Promise<unknown>): Promise<string> =>
  verification.then(
    () => 'believed',
    (error: unknown) => {
      if (error instanceof TokenRefused) return error.reason;
      if (isProblem(error)) return error.kind;
      throw error;
    },
  );
