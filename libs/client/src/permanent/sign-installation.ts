import { toNumericDate } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { signInstallationRequest } from '@muster/trust';
import type { InstallationWish } from '../core/permanent/permanent-state.js';

/** Signs what the wish asks for. As of when it was made, so that it is the same bytes whenever and wherever it is sent again. */
export const signInstallation = (wish: InstallationWish, { key, product }: { readonly key: SigningKey; readonly product: string }): Promise<string> => {
  const { requestId: jti, madeAtMs, virtual, hardware, evidence } = wish;
  return signInstallationRequest({
    key,
    payload: { jti, iat: toNumericDate(madeAtMs), product, machine: { virtual }, hardware, ...(evidence === undefined ? {} : { evidence: [...evidence] }) },
  });
};
