/** Why a certificate, lease or receipt is not believed. Stable: programs may branch on it. */
export type TokenRefusal =
  | 'malformed'
  | 'wrong-type'
  | 'unknown-key'
  | 'signature-invalid'
  | 'host-mismatch'
  | 'chain-not-understood'
  | 'intermediate-not-valid'
  | 'certificate-not-valid'
  | 'product-not-covered'
  | 'longer-than-policy'
  | 'not-meant-for-this'
  | 'does-not-fit'
  | 'not-yet-valid'
  | 'expired';

/** A token that is not believed; `detail` is for people and quotes nothing of the token's secrets, for it has none. */
export class TokenRefused extends Error {
  readonly reason: TokenRefusal;
  readonly detail: string;

  constructor(reason: TokenRefusal, detail: string, options: { readonly cause?: unknown } = {}) {
    super(`${reason}: ${detail}`, options);
    this.name = 'TokenRefused';
    this.reason = reason;
    this.detail = detail;
  }
}

export const isTokenRefused = (error: unknown, reason?: TokenRefusal): error is TokenRefused =>
  error instanceof TokenRefused && (reason === undefined || error.reason === reason);
