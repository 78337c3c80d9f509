import { z } from 'zod';
import { base64url32, compactJws, dottedName, numericDate, position, thumbprint, uuid } from './formats.js';

/** The explicit `typ` of each kind of signed token: none can be used in another's place (RFC 8725 section 3.11). */
export const tokenTypes = {
  activationRequest: 'muster-activation-request+jwt',
  renewalRequest: 'muster-renewal-request+jwt',
  releaseRequest: 'muster-release-request+jwt',
  hostCertificate: 'muster-host-certificate+jwt',
  lease: 'muster-lease+jwt',
  receipt: 'muster-receipt+jwt',
  intermediateCertificate: 'muster-intermediate-certificate+jwt',
  hostPolicies: 'muster-host-policies+jwt',
  signingKey: 'muster-signing-key+jwt',
  revocationList: 'muster-revocation-list+jwt',
  permanentLease: 'muster-permanent-lease+jwt',
  hostActivationRequest: 'muster-host-activation-request+jwt',
  installationRequest: 'muster-installation-request+jwt',
  hostProof: 'muster-host-proof+jwt',
} as const;

/** The one algorithm: Ed25519 under the name that today's verifiers know (RFC 8037). */
export const SIGNATURE_ALGORITHM = 'EdDSA';

/** Members that leases and receipts share: who decided what about whom, and where it stands in the ledger. */
const decisionClaims = {
  iss: thumbprint.describe('the host id'),
  sub: thumbprint.describe('the machine id'),
  aud: dottedName.describe('the product'),
  iat: numericDate,
  jti: uuid.describe('lease: the lease id; receipt: the request id'),
  count: z.int().nonnegative(),
  threshold: z.int().positive(),
  position: position.describe('where the decision stands in the ledger'),
  head: base64url32.describe('running hash of the ledger at that position'),
};

export const leaseClaimsSchema = z.strictObject({
  ...decisionClaims,
  exp: numericDate,
  cnf: z.strictObject({ jkt: thumbprint }),
  signer: compactJws.optional().describe("the host key's word for the key that signed this, where that is not the host key itself"),
  renews: uuid.optional().describe('the lease that this one renews: it may be issued within the certificate’s renewal grace'),
  chain: z.array(compactJws).min(1).max(4).describe('host certificate first'),
});

/** What a host says to whoever asks it to prove itself: nothing but that it heard the question, when, and by which certificate it may speak. */
export const hostProofClaimsSchema = z.strictObject({
  iss: thumbprint.describe('the host id'),
  iat: numericDate.describe("by the host's clock"),
  nonce: base64url32.describe('the question, of whoever asked'),
  signer: compactJws.optional().describe("the host key's word for the key that signed this, where that is not the host key itself"),
  chain: z.array(compactJws).min(1).max(4).describe('host certificate first'),
});

export const receiptClaimsSchema = z.strictObject({ ...decisionClaims, outcome: z.enum(['deferred', 'renewal-deferred']), signer: compactJws.optional(), chain: z.array(compactJws).min(1).max(4) });

export type LeaseClaims = Readonly<z.infer<typeof leaseClaimsSchema>>;
export type ReceiptClaims = Readonly<z.infer<typeof receiptClaimsSchema>>;
export type HostProofClaims = Readonly<z.infer<typeof hostProofClaimsSchema>>;
