import { readFileSync, rmSync } from 'node:fs';
import type { HostDescription } from '@muster/contracts';
import { DAY_SECONDS, systemDraws, toNumericDate } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { replaceFile, signHostActivationRequest, verifyHostActivationRequest } from '@muster/trust';

/** An answer that takes longer than a week is one to a request that nobody remembers. */
const KEPT_SECONDS = 7 * DAY_SECONDS;

export type InstalledKey = NonNullable<HostDescription['hostKey']>;

interface Wish {
  readonly hostKey: SigningKey;
  readonly installed: InstalledKey;
  readonly nowMs: number;
}

const isWishStill = async (jws: string, { hostKey, installed, nowMs }: Wish): Promise<boolean> => {
  try {
    const { host, payload } = await verifyHostActivationRequest(jws);
    const ageSeconds = toNumericDate(nowMs) - payload.iat;
    return host === hostKey.id && payload.keyId === installed.keyId && payload.policies === installed.policiesDigest && ageSeconds >= 0 && ageSeconds < KEPT_SECONDS;
  } catch {
    return false;
  }
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

/**
 * The host's signed wish to be certified by the policies that are installed: the one that has no answer yet, wherever it went. The authority answers one request
 * with one activation, however often and whichever way it comes, so a lost answer uses up none.
 */
export const keptRequest = async (path: string, wish: Wish): Promise<string> => {
  const kept = read(path);
  if (await isWishStill(kept, wish)) return kept;
  const { hostKey, installed, nowMs } = wish;
  const payload = { jti: systemDraws.uuid(), iat: toNumericDate(nowMs), keyId: installed.keyId, policies: installed.policiesDigest };
  const request = await signHostActivationRequest({ key: hostKey, payload });
  replaceFile(path, `${request}\n`);
  return request;
};

/** It has its answer, which is kept in its place: the next wish is another one. */
export const dropRequest = (path: string): void => rmSync(path, { force: true });
