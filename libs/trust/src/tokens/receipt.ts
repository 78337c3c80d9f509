import { receiptClaimsSchema, tokenTypes } from '@muster/contracts';
import type { ReceiptClaims } from '@muster/contracts';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { MeantFor } from './decision-token.js';
import { verifyDecision } from './decision-token.js';
import type { Verified } from './host-word.js';
import { signHostWord } from './host-word.js';

const typ = tokenTypes.receipt;

/**
 * Signs a receipt with the host's key: the same claims give the same bytes.
 *
 * @throws Error when `iss` is not the id of `key`
 */
export const signReceipt = (claims: ReceiptClaims, key: SigningKey): Promise<string> => signHostWord(typ, claims, key);

/**
 * Verifies a receipt offline, with nothing but the vendor's root key. A receipt says what was decided then; it does not expire.
 *
 * @throws TokenRefused as `verifyLease`, but for `longer-than-policy` and `expired`
 */
export const verifyReceipt = (receipt: string, { root, ...meantFor }: { readonly root: PublicJwk } & MeantFor): Promise<Verified<ReceiptClaims>> =>
  verifyDecision(receipt, { typ, schema: receiptClaimsSchema, root, meantFor });
