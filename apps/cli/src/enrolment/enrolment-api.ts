import type { EnrolmentTokenEntry, EnrolmentTokenMade, EnrolmentTokensPage } from '@muster/contracts';
import { enrolmentTokenEntrySchema, enrolmentTokenMadeSchema, enrolmentTokensPageSchema } from '@muster/contracts';
import type { HostAccess } from '../access/host-access.js';
import { callerOf } from '../api/caller.js';

/** Longer than the host takes to record one event, or to say that a part is away. */
const TIMEOUT_MS = 10_000;

const PATH = '/v1/enrolment-tokens';

export interface TokenTerms {
  readonly maximumUses: number;
  readonly expiresInSeconds: number;
}

/** A host's enrolment tokens over HTTP; rejects as `hostApi` does. */
export interface EnrolmentApi {
  create(terms: TokenTerms): Promise<EnrolmentTokenMade>;
  list(after: string | undefined): Promise<EnrolmentTokensPage>;
  revoke(tokenId: string): Promise<EnrolmentTokenEntry>;
}

export const enrolmentApi = (access: Pick<HostAccess, 'url' | 'token'>): EnrolmentApi => {
  const caller = callerOf(access);
  return {
    create: (terms) =>
      caller.json({
        path: PATH,
        schema: enrolmentTokenMadeSchema,
        timeoutMs: TIMEOUT_MS,
        request: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(terms) },
      }),
    list: (after) => caller.json({ path: after === undefined ? PATH : `${PATH}?after=${encodeURIComponent(after)}`, schema: enrolmentTokensPageSchema, timeoutMs: TIMEOUT_MS }),
    revoke: (tokenId) => caller.json({ path: `${PATH}/${encodeURIComponent(tokenId)}`, schema: enrolmentTokenEntrySchema, timeoutMs: TIMEOUT_MS, request: { method: 'DELETE' } }),
  };
};
