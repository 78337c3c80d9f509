import { randomBytes } from 'node:crypto';
import type { ActivationKey, ActivationKeyKind } from '@muster/trust';
import { newActivationKey } from '@muster/trust';

/** A fresh key. What is recorded of it is its digest and its last group; the key itself is in the answer, once. */
export const drawKey = (kind: ActivationKeyKind): Pick<ActivationKey, 'key'> & { readonly named: { readonly keyId: string; readonly keyEnding: string } } => {
  const { key, keyId, ending } = newActivationKey(kind, randomBytes);
  return { key, named: { keyId, keyEnding: ending } };
};
