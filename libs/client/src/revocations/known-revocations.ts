import { revocationsAnswerSchema, type RevocationListClaims } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import type { PublicJwk, VerifiedRevocationList } from '@muster/trust';
import { compareRevocationLists, isTokenRefused, verifyRevocationList } from '@muster/trust';
import { z } from 'zod';
import type { HostAddress } from '../core/outcome.js';
import type { PermanentDirectory } from '../directory/permanent-directory.js';
import type { Transport } from '../shell/ports.js';
import type { ContactSearch } from '../shell/search-hosts.js';

/** A machine asks for the list at most once a day, and where nobody answered, again after two hours. */
export const REVOCATIONS_EVERY_SECONDS = DAY_SECONDS;
const REVOCATIONS_RETRY_SECONDS = 2 * HOUR_SECONDS;

/** One host may not have been told yet, or wish to hide what it was told: the newest list of so many is kept. */
const ANSWERS_ENOUGH = 3;

/** Only the list is read: the sequence beside it is nobody's signed word. */
const answerSchema = z.object({ list: revocationsAnswerSchema.shape.list });

export interface KnownRevocations {
  /** The list in force on this machine, verified; undefined where none was ever seen. */
  inForce(): Promise<RevocationListClaims | undefined>;
  /** Asks for a newer one when it is time. What cannot be believed changes nothing. */
  refresh(sources: { readonly authority: HostAddress | undefined; readonly search: () => ContactSearch }): Promise<void>;
}

interface Parts {
  readonly directory: Pick<PermanentDirectory, 'revocations' | 'keepRevocations'>;
  readonly root: PublicJwk;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** What the vendor has taken back, as far as this machine was ever told: kept, so that it is known off line too. */
export const knownRevocations = ({ directory, root, transport, clock }: Parts): KnownRevocations => {
  let verified: { readonly list: string; readonly claims: RevocationListClaims } | undefined;

  const believed = async (list: string): Promise<VerifiedRevocationList | undefined> => {
    try {
      return await verifyRevocationList(list, { root });
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      return undefined;
    }
  };
  const inForce = async (): Promise<RevocationListClaims | undefined> => {
    const { list } = directory.revocations();
    if (list === null) return undefined;
    if (verified?.list === list) return verified.claims;
    const found = await believed(list);
    if (found === undefined) return undefined;
    verified = { list, claims: found.claims };
    return found.claims;
  };
  /** The list that a host or the authority holds; null when it holds none, undefined when it does not say. */
  const ask = async (address: HostAddress): Promise<string | null | undefined> => {
    const reply = await transport.exchange?.(address, { type: 'revocations' });
    if (reply?.type !== 'answer') return undefined;
    const parsed = answerSchema.safeParse(reply.body);
    return parsed.success ? parsed.data.list : undefined;
  };
  const better = async (offered: string | null): Promise<string | null> => {
    const { list } = directory.revocations();
    if (offered === null) return list;
    const found = await believed(offered);
    return found !== undefined && compareRevocationLists(found, await inForce()) === 'newer' ? offered : list;
  };
  const refresh: KnownRevocations['refresh'] = async ({ authority, search }) => {
    const nowMs = clock.nowMs();
    const { dueMs } = directory.revocations();
    // A time further away than it was ever set comes from a clock since put back.
    const isDue = nowMs >= dueMs || dueMs - nowMs > REVOCATIONS_EVERY_SECONDS * SECOND_MS;
    if (transport.exchange === undefined || !isDue) return;
    const hosts = search();
    const addresses = [...(authority === undefined ? [] : [authority]), ...(await hosts.all())];
    let answers = 0;
    for (const address of addresses) {
      if (address !== authority && (await hosts.objectionTo(address)) !== undefined) continue;
      const offered = await ask(address);
      if (offered === undefined) continue;
      directory.keepRevocations({ list: await better(offered), dueMs });
      answers += 1;
      if (answers === ANSWERS_ENOUGH) break;
    }
    if (addresses.length === 0 && !hosts.ordered) return; // nobody was named yet: whoever names one is not kept waiting
    const waitSeconds = answers > 0 ? REVOCATIONS_EVERY_SECONDS : REVOCATIONS_RETRY_SECONDS;
    directory.keepRevocations({ ...directory.revocations(), dueMs: nowMs + waitSeconds * SECOND_MS });
  };
  return { inForce, refresh };
};
